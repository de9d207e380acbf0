import { ErrorCode, KafkaError } from '../protocol/errors.ts';

/** How one topic is kept, from its configuration and the broker's defaults. */
export interface TopicSettings {
  /** Age in ms after which segments go; -1 keeps them. */
  readonly retentionMs: number;
  /** Bytes of a partition above which its oldest segments go; -1 keeps them. */
  readonly retentionBytes: number;
  readonly segmentBytes: number;
  /** Largest batch, as stored. */
  readonly maxMessageBytes: number;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  /** False for compacted topics: this broker never compacts, it keeps all their records. */
  readonly deletes: boolean;
}

/** The broker's defaults of the settings a user may change for all topics. */
export interface TopicDefaults {
  readonly segmentBytes: number;
  readonly maxMessageBytes: number;
}

/** The protocol's numbers for the type of a configuration value, as DescribeConfigs v3 returns them. */
const ConfigType = { STRING: 2, INT: 3, LONG: 5, LIST: 7 } as const;

interface Definition {
  readonly type: number;
  readonly fallback: (defaults: TopicDefaults) => string;
  readonly accepts: (value: string) => boolean;
  readonly expectation: string;
}

const DEFINITIONS: Readonly<Record<string, Definition>> = {
  'cleanup.policy': choice(ConfigType.LIST, 'delete', 'compact', 'compact,delete', 'delete,compact'),
  'compression.type': choice(ConfigType.STRING, 'producer'),
  'max.message.bytes': integer(ConfigType.INT, 0, 2 ** 31 - 1, ({ maxMessageBytes }) => maxMessageBytes),
  'message.timestamp.type': choice(ConfigType.STRING, 'CreateTime', 'LogAppendTime'),
  'min.insync.replicas': choice(ConfigType.INT, '1'),
  'retention.bytes': integer(ConfigType.LONG, -1, Number.MAX_SAFE_INTEGER, () => -1),
  'retention.ms': integer(ConfigType.LONG, -1, Number.MAX_SAFE_INTEGER, () => 7 * 24 * 60 * 60 * 1000),
  'segment.bytes': integer(ConfigType.INT, 14, 2 ** 31 - 1, ({ segmentBytes }) => segmentBytes),
};

/** The configuration of a topic as its user gave it: only the names that differ from the defaults. */
export type TopicConfig = Readonly<Record<string, string>>;

/**
 * Checks a topic's configuration.
 *
 * @throws KafkaError INVALID_CONFIG for a name this broker does not implement, or a value it cannot keep
 */
export function checkTopicConfig(entries: readonly { name: string; value: string | null }[]): TopicConfig {
  const config: Record<string, string> = {};
  for (const { name, value } of entries) {
    const definition = Object.hasOwn(DEFINITIONS, name) ? DEFINITIONS[name] : undefined;
    if (definition === undefined) {
      const known = Object.keys(DEFINITIONS).join(', ');
      const message = `Unknown topic config name: ${name} (this development broker knows ${known})`;
      throw new KafkaError(ErrorCode.INVALID_CONFIG, message);
    }
    if (value === null || !definition.accepts(value)) {
      const message = `Invalid value ${value} for configuration ${name}: expected ${definition.expectation}`;
      throw new KafkaError(ErrorCode.INVALID_CONFIG, message);
    }
    config[name] = value;
  }
  return config;
}

/** The settings a configuration, checked before, and the defaults amount to. */
export function topicSettings(config: TopicConfig, defaults: TopicDefaults): TopicSettings {
  const value = (name: string) => config[name] ?? DEFINITIONS[name]?.fallback(defaults) ?? '';
  return {
    retentionMs: Number(value('retention.ms')),
    retentionBytes: Number(value('retention.bytes')),
    segmentBytes: Number(value('segment.bytes')),
    maxMessageBytes: Number(value('max.message.bytes')),
    timestampType: value('message.timestamp.type') === 'LogAppendTime' ? 'LogAppendTime' : 'CreateTime',
    deletes: value('cleanup.policy').includes('delete'),
  };
}

/** One line of DescribeConfigs. */
export interface DescribedConfig {
  readonly name: string;
  readonly value: string;
  readonly isDefault: boolean;
  /** The protocol's number of the value's type. */
  readonly type: number;
}

/** Every setting of a topic with its value, in the order of their names. */
export function describeTopicConfig(config: TopicConfig, defaults: TopicDefaults): DescribedConfig[] {
  return Object.entries(DEFINITIONS).map(([name, { type, fallback }]) => {
    const own = config[name];
    return { name, value: own ?? fallback(defaults), isDefault: own === undefined, type };
  });
}

function choice(type: number, first: string, ...others: string[]): Definition {
  const allowed = [first, ...others];
  return {
    type,
    fallback: () => first,
    accepts: (value) => allowed.includes(value),
    expectation: `one of ${allowed.join(' | ')}`,
  };
}

function integer(type: number, min: number, max: number, fallback: (defaults: TopicDefaults) => number): Definition {
  return {
    type,
    fallback: (defaults) => String(fallback(defaults)),
    accepts: (value) => /^-?\d{1,16}$/.test(value) && Number(value) >= min && Number(value) <= max,
    expectation: `an integer from ${min} to ${max}`,
  };
}

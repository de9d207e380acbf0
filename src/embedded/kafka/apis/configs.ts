import { ErrorCode, KafkaError, unknownPartition } from '../protocol/errors.ts';
import type { Reader } from '../protocol/wire.ts';
import { type DescribedConfig, describeTopicConfig, type TopicConfig } from '../storage/topic-settings.ts';
import type { Topics } from '../storage/topics.ts';
import { type Api, attemptFor, type BrokerParts, NODE_ID } from './api.ts';

/** The protocol's numbers for what has a configuration, and for where a value comes from. */
const ResourceType = { TOPIC: 2, BROKER: 4 } as const;
const ConfigSource = { TOPIC: 1, STATIC_BROKER: 4, DEFAULT: 5 } as const;

/** DescribeConfigs: a topic's settings, or the few of this broker that show through the protocol. */
export const describeConfigs: Api = {
  key: 32,
  name: 'DescribeConfigs',
  versions: [0, 3],
  handle(parts, request, input, output) {
    const { version } = request;
    const wanted = input.array(() => ({
      type: input.int8(),
      name: input.string(),
      keys: input.nullableArray(() => input.string()),
    }));
    output.int32(0).array(wanted, ({ type, name, keys }) => {
      const found = attemptFor(request, () => describe(parts, type, name));
      output.int16(found.code).string(found.message).int8(type).string(name);
      const configs = (found.value ?? []).filter((config) => keys === null || keys.includes(config.name));
      output.array(configs, (config) => {
        const ownSource = type === ResourceType.TOPIC ? ConfigSource.TOPIC : ConfigSource.STATIC_BROKER;
        output
          .string(config.name)
          .string(config.value)
          .boolean(type === ResourceType.BROKER);
        if (version === 0) output.boolean(config.isDefault);
        else output.int8(config.isDefault ? ConfigSource.DEFAULT : ownSource);
        output.boolean(false); // nothing here is secret
        if (version >= 1) output.array([], () => {});
        if (version >= 3) output.int8(config.type).string(null);
      });
    });
    return 'reply';
  },
};

/** AlterConfigs: replaces a topic's configuration; what is not named goes back to its default. */
export const alterConfigs: Api = {
  key: 33,
  name: 'AlterConfigs',
  versions: [0, 1],
  handle({ topics }, request, input, output) {
    const wanted = input.array(() => ({
      type: input.int8(),
      name: input.string(),
      entries: input.array(() => ({ name: input.string(), value: input.nullableString() })),
    }));
    const checkOnly = input.boolean();
    output.int32(0).array(wanted, ({ type, name, entries }) => {
      const done = attemptFor(request, () => {
        checkIsTopic(type);
        topics.configure(name, entries, checkOnly);
      });
      output.int16(done.code).string(done.message).int8(type).string(name);
    });
    return 'reply';
  },
};

/** IncrementalAlterConfigs (KIP-339): sets or deletes single settings of a topic. */
export const incrementalAlterConfigs: Api = {
  key: 44,
  name: 'IncrementalAlterConfigs',
  versions: [0, 0],
  handle({ topics }, request, input, output) {
    const wanted = input.array(() => ({
      type: input.int8(),
      name: input.string(),
      changes: input.array(() => readChange(input)),
    }));
    const checkOnly = input.boolean();
    output.int32(0).array(wanted, ({ type, name, changes }) => {
      const done = attemptFor(request, () => {
        checkIsTopic(type);
        topics.configure(name, changed(existingConfig(topics, name), changes), checkOnly);
      });
      output.int16(done.code).string(done.message).int8(type).string(name);
    });
    return 'reply';
  },
};

interface ConfigChange {
  readonly name: string;
  readonly operation: number;
  readonly value: string | null;
}

function readChange(input: Reader): ConfigChange {
  return { name: input.string(), operation: input.int8(), value: input.nullableString() };
}

function changed(config: TopicConfig, changes: readonly ConfigChange[]): { name: string; value: string | null }[] {
  const entries = new Map<string, string | null>(Object.entries(config));
  for (const { name, operation, value } of changes) {
    if (operation === 0) entries.set(name, value);
    else if (operation === 1) entries.delete(name);
    else throw new KafkaError(ErrorCode.INVALID_CONFIG, 'Only setting and deleting values is possible.');
  }
  return [...entries].map(([name, value]) => ({ name, value }));
}

function describe(parts: BrokerParts, type: number, name: string): DescribedConfig[] {
  if (type === ResourceType.TOPIC)
    return describeTopicConfig(existingConfig(parts.topics, name), parts.topics.defaults);
  if (type === ResourceType.BROKER && name === String(NODE_ID)) {
    return [
      { name: 'auto.create.topics.enable', value: String(parts.autoCreateTopics), isDefault: false, type: 1 },
      { name: 'log.segment.bytes', value: String(parts.topics.defaults.segmentBytes), isDefault: false, type: 3 },
      { name: 'message.max.bytes', value: String(parts.topics.defaults.maxMessageBytes), isDefault: false, type: 3 },
      { name: 'num.partitions', value: String(parts.defaultPartitions), isDefault: false, type: 3 },
    ];
  }
  throw new KafkaError(ErrorCode.INVALID_REQUEST, 'Only topics and this broker have configurations.');
}

function existingConfig(topics: Topics, name: string): TopicConfig {
  const topic = topics.find(name);
  if (topic === undefined) throw unknownPartition();
  return topic.config;
}

function checkIsTopic(type: number): void {
  if (type === ResourceType.TOPIC) return;
  throw new KafkaError(ErrorCode.INVALID_REQUEST, 'Only the configurations of topics can be altered.');
}

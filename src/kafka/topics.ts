import type { Admin, ITopicConfig } from 'kafkajs';
import { DependencyError } from '../domain/dependency-error.ts';
import type { KafkaConnection } from './connection.ts';
import { asKafkaError, protocolTypes } from './errors.ts';

/** A topic that has to exist. */
export interface TopicSpec {
  readonly name: string;
  /** Partitions to create it with; an existing topic keeps its own, because more would break the order per key. */
  readonly partitions: number;
  /** Copies of each partition; the broker's default when absent. */
  readonly replicationFactor?: number;
  /** Topic settings to create it with, such as `{ 'retention.ms': '604800000' }`. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Milliseconds after which a created topic must be known to the broker. */
const visibleWithinMs = 15_000;

/**
 * Creates the topics that are missing and waits until all of them can be used. Safe to run from several processes at
 * once.
 *
 * @returns the names of the topics it created
 * @throws DependencyError permanent, naming the topics, when they are missing and may not be created
 */
export async function ensureTopics(connection: KafkaConnection, specs: readonly TopicSpec[]): Promise<string[]> {
  return await connection.admin(`create the topics ${specs.map(({ name }) => name).join(', ')}`, async (admin) => {
    const missing = await missingOf(admin, specs);
    // One by one: a list that holds an existing topic is answered with `false` for the whole list.
    for (const spec of missing) await create(admin, spec);
    await untilVisible(admin, specs);
    if (missing.length > 0) {
      connection.logger.info({ topics: missing.map(({ name }) => name) }, 'created the missing Kafka topics');
    }
    return missing.map(({ name }) => name);
  });
}

async function missingOf(admin: Admin, specs: readonly TopicSpec[]): Promise<TopicSpec[]> {
  const existing = new Set(await admin.listTopics());
  return specs.filter(({ name }) => !existing.has(name));
}

async function create(admin: Admin, spec: TopicSpec): Promise<void> {
  const topic: ITopicConfig = {
    topic: spec.name,
    numPartitions: spec.partitions,
    replicationFactor: spec.replicationFactor ?? -1,
    configEntries: Object.entries(spec.config ?? {}).map(([name, value]) => ({ name, value })),
  };
  try {
    // `false` means that somebody else has just created it.
    await admin.createTopics({ topics: [topic], waitForLeaders: false });
  } catch (error) {
    const reason = asKafkaError(error, `create the topic ${spec.name}`);
    if (!(reason instanceof DependencyError) || reason.nature === 'transient') throw reason;
    throw new DependencyError(
      'kafka',
      'permanent',
      `The topic ${spec.name} is missing and cannot be created (${protocolTypes(error).join(', ')}). Create it with ` +
        `${spec.partitions} partitions, or allow koe to.`,
      { cause: error },
    );
  }
}

async function untilVisible(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  const topics = specs.map(({ name }) => name);
  const deadline = Date.now() + visibleWithinMs;
  for (;;) {
    try {
      const { topics: known } = await admin.fetchTopicMetadata({ topics });
      const usable = known.filter(({ partitions }) => partitions.every(({ leader }) => leader >= 0));
      if (usable.length === topics.length) return;
    } catch (error) {
      const waitable = protocolTypes(error).some((type) =>
        /^(UNKNOWN_TOPIC_OR_PARTITION|LEADER_NOT_AVAILABLE)$/.test(type),
      );
      if (!waitable) throw error;
      if (Date.now() > deadline) throw error;
    }
    if (Date.now() > deadline) {
      throw new DependencyError('kafka', 'transient', `Kafka has no leader yet for some of ${topics.join(', ')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

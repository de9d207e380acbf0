import type { Settings } from '../config/settings.ts';
import { inputTopics, type TopicNames } from '../domain/topics.ts';
import type { KafkaConnection } from '../kafka/connection.ts';
import { ensureTopics } from '../kafka/topics.ts';

/** Room that a dead letter needs beyond the original message, for its headers. */
const headerBytes = 65_536;

/** A record of many short sentences is larger than its message: each sentence brings its own layers. */
const largestRecordBytes = 16_777_216;

/** Creates koe's topics where they are missing. */
export async function createTopics(connection: KafkaConnection, names: TopicNames, settings: Settings): Promise<void> {
  const base = {
    partitions: settings.KOE_TOPIC_PARTITIONS,
    ...(settings.KOE_REPLICATION_FACTOR !== undefined && { replicationFactor: settings.KOE_REPLICATION_FACTOR }),
  };
  const largest = String(Math.max(settings.KOE_MAX_MESSAGE_BYTES, 1_048_588) + headerBytes);
  await ensureTopics(connection, [
    ...inputTopics(names).map((name) => ({ ...base, name })),
    { ...base, name: names.enriched, config: { 'max.message.bytes': String(largestRecordBytes) } },
    { ...base, name: names.alerts },
    { ...base, name: names.churn },
    { ...base, name: names.deadLetters, config: { 'max.message.bytes': largest, 'retention.ms': '-1' } },
  ]);
}

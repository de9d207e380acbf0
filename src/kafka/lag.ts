import type { Admin } from 'kafkajs';
import type { KafkaConnection } from './connection.ts';

/** How far a consumer group is behind on one partition. */
export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  /** Next offset the group will read, in decimal digits; `null` when it has committed nothing. */
  readonly committed: string | null;
  /** Offset the next message will get, in decimal digits. */
  readonly end: string;
  /** Messages that are waiting. */
  readonly lag: number;
}

/**
 * The lag of a group on every partition of the topics, by one round of admin requests: what a metric of idle
 * partitions, `koe doctor` and offset tools need.
 *
 * @throws DependencyError when Kafka is away or refuses
 */
export async function fetchLag(
  connection: KafkaConnection,
  groupId: string,
  topics: readonly string[],
): Promise<PartitionLag[]> {
  return await connection.admin(`tell the offsets of group ${groupId}`, async (admin) => {
    const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
    const lags: PartitionLag[] = [];
    for (const { topic, partitions } of committed) lags.push(...(await lagsOf(admin, topic, partitions)));
    return lags.sort((one, other) => one.topic.localeCompare(other.topic) || one.partition - other.partition);
  });
}

async function lagsOf(
  admin: Admin,
  topic: string,
  committed: readonly { readonly partition: number; readonly offset: string }[],
): Promise<PartitionLag[]> {
  const ends = await admin.fetchTopicOffsets(topic);
  return ends.map(({ partition, low, high }) => {
    const offset = committed.find((entry) => entry.partition === partition)?.offset ?? '-1';
    return {
      topic,
      partition,
      committed: BigInt(offset) < 0n ? null : offset,
      end: high,
      lag: waiting(offset, low, high),
    };
  });
}

/**
 * Messages between a committed offset and the end of the log. Nothing committed (-1), "earliest" (-2, as kafkajs
 * commits it on a reset) and an offset whose messages have expired all mean: from the first message that is left.
 */
export function waiting(committed: string, low: string, high: string): number {
  const from = BigInt(committed) > BigInt(low) ? BigInt(committed) : BigInt(low);
  const behind = BigInt(high) - from;
  return behind > 0n ? Number(behind) : 0;
}

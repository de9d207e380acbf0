import { createRequire } from 'node:module';
import type { Kafka, KafkaMessage } from 'kafkajs';
import type { KafkaConnection } from './connection.ts';

/** What a broker answers for one partition; offsets in decimal digits. */
interface FetchedPartition {
  readonly partition: number;
  readonly highWatermark: string;
  readonly lastStableOffset?: string;
  readonly messages: readonly unknown[];
}
interface Broker {
  fetch(request: object): Promise<{ responses: readonly { readonly partitions: readonly FetchedPartition[] }[] }>;
}
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, number[]>;
  findBroker(node: { nodeId: string }): Promise<Broker>;
}
interface Batch {
  readonly messages: KafkaMessage[];
  readonly rawMessages: readonly unknown[];
  lastOffset(): string;
}
type BatchClass = new (topic: string, offset: string, partition: FetchedPartition) => Batch;

/** The answer to one fetch of one partition. */
export interface FetchedPage {
  /** Messages from the offset on, without those of aborted transactions. */
  readonly messages: readonly KafkaMessage[];
  /** Offset to ask for next; the one asked for when the broker had nothing to give. */
  readonly next: bigint;
  /** First offset that cannot be read yet: nobody has written it, or its transaction is open. */
  readonly end: bigint;
}

/** Reads partitions of one topic by offset, without a group and without a trace on the broker. */
export interface PartitionFetcher {
  /** One page from an offset on, waiting at most `waitMs` for it. Throws what kafkajs throws. */
  fetch(partition: number, offset: bigint): Promise<FetchedPage>;
  /** Asks anew who leads which partition, after a fault. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

const readCommitted = 1;
const waitMs = 500;
const mostBytes = 1024 * 1024;

/**
 * A fetcher over the part of kafkajs 2.2.4 that its consumers are built on: the public consumer reads only as a member
 * of a group, which costs a rebalance and the right to make groups, and pushes instead of being asked.
 */
export async function openFetcher(connection: KafkaConnection, topic: string): Promise<PartitionFetcher> {
  const BatchOfKafkajs = createRequire(import.meta.url)('kafkajs/src/consumer/batch.js') as BatchClass;
  const cluster = createCluster(connection.client());
  await cluster.connect();
  await cluster.addTargetTopic(topic);
  return {
    async fetch(partition, offset) {
      const leaders = cluster.findLeaderForPartitions(topic, [partition]);
      const [nodeId] = Object.keys(leaders);
      if (nodeId === undefined) throw new Error(`partition ${partition} of ${topic} has no leader`);
      const broker = await cluster.findBroker({ nodeId });
      const partitions = [{ partition, fetchOffset: String(offset), maxBytes: mostBytes }];
      const { responses } = await broker.fetch({
        maxWaitTime: waitMs,
        minBytes: 1,
        maxBytes: mostBytes,
        isolationLevel: readCommitted,
        topics: [{ topic, partitions }],
      });
      const fetched = responses[0]?.partitions[0];
      if (fetched === undefined) throw new Error(`the broker answered nothing for partition ${partition} of ${topic}`);
      const batch = new BatchOfKafkajs(topic, String(offset), fetched);
      return {
        messages: batch.messages,
        next: batch.rawMessages.length === 0 ? offset : BigInt(batch.lastOffset()) + 1n,
        end: readableEnd(fetched),
      };
    },
    refresh: () => cluster.refreshMetadata(),
    close: () => cluster.disconnect(),
  };
}

function readableEnd({ highWatermark, lastStableOffset = '-1' }: FetchedPartition): bigint {
  const stable = BigInt(lastStableOffset);
  return stable < 0n || stable > BigInt(highWatermark) ? BigInt(highWatermark) : stable;
}

/** A cluster with the client's settings: its maker is hidden behind a symbol. */
function createCluster(client: Kafka): Cluster {
  const name = Object.getOwnPropertySymbols(client).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  const create = name && (client as unknown as Record<symbol, (options: object) => Cluster>)[name];
  if (create === undefined) throw new Error('this is not kafkajs 2.2.4');
  return create({ metadataMaxAge: 300_000, allowAutoTopicCreation: false, isolationLevel: readCommitted });
}

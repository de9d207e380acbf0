import type { ReceivedMessage } from '../../src/domain/message.ts';
import type { EnrichedRecord } from '../../src/domain/record.ts';
import type { TopicNames } from '../../src/domain/topics.ts';
import type { KafkaConnection } from '../../src/kafka/connection.ts';
import { deadLetterHeaders } from '../../src/kafka/dead-letter.ts';
import { readRanges, topicRanges } from '../../src/kafka/read-range.ts';

/** A message of a feedback topic as the log holds it. */
export interface SourceEntry {
  /** `topic/partition`. */
  readonly partition: string;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** Number in the ledger. */
  readonly number: number;
}

/** A record of the enriched topic. */
export interface EnrichedEntry {
  /** Partition of the enriched topic. */
  readonly partition: number;
  readonly key: string;
  readonly number: number;
  /** `topic/partition/offset` of the message it was made of. */
  readonly source: string;
  readonly sourceOffset: number;
}

/** Everything that Kafka holds. */
export interface Logs {
  readonly source: readonly SourceEntry[];
  /** `topic/partition/offset` of the rejected message of every dead letter. */
  readonly deadLetters: readonly string[];
  readonly enriched: readonly EnrichedEntry[];
}

/** Name of the header that holds a message's number in the ledger. */
export const numberHeader = 'chaos-number';

/** Reads all topics from their beginning to their present end. Throws DependencyError. */
export async function readLogs(connection: KafkaConnection, topics: TopicNames): Promise<Logs> {
  const source: SourceEntry[] = [];
  for (const topic of Object.values(topics.feedback)) await readAll(connection, topic, sourceEntry, source);
  const deadLetters = await readAll(connection, topics.deadLetters, deadLetterSource, []);
  const enriched = await readAll(connection, topics.enriched, enrichedEntry, []);
  return { source, deadLetters, enriched };
}

async function readAll<T>(
  connection: KafkaConnection,
  topic: string,
  read: (message: ReceivedMessage) => T,
  into: T[],
): Promise<T[]> {
  const ranges = await topicRanges(connection, topic);
  for await (const { messages } of readRanges(connection, topic, ranges)) into.push(...messages.map(read));
  return into;
}

function sourceEntry(message: ReceivedMessage): SourceEntry {
  const { topic, partition, offset, timestamp } = message;
  const number = Number(header(message, numberHeader));
  return { partition: `${topic}/${partition}`, offset: Number(offset), timestamp, number };
}

function deadLetterSource(message: ReceivedMessage): string {
  const { sourceTopic, sourcePartition, sourceOffset } = deadLetterHeaders;
  return [sourceTopic, sourcePartition, sourceOffset].map((name) => header(message, name)).join('/');
}

function enrichedEntry({ partition, key, value }: ReceivedMessage): EnrichedEntry {
  const record = JSON.parse(String(value)) as EnrichedRecord;
  const { provenance } = record;
  return {
    partition,
    key: String(key),
    number: Number(record.attributes?.number),
    source: `${provenance.topic}/${provenance.partition}/${provenance.offset}`,
    sourceOffset: Number(provenance.offset),
  };
}

function header(message: ReceivedMessage, name: string): string {
  return String(message.headers[name]?.[0]);
}

import { setTimeout as sleep } from 'node:timers/promises';
import { DependencyError } from '../domain/dependency-error.ts';
import type { ReceivedMessage } from '../domain/message.ts';
import { type ChunkLimits, chunksOf } from './chunks.ts';
import { type FetchedPage, openFetcher, type PartitionFetcher } from './cluster.ts';
import type { KafkaConnection } from './connection.ts';
import { asKafkaError, protocolTypes } from './errors.ts';
import { payloadBytes, receivedMessage } from './received-message.ts';
import { isTransient } from './retry.ts';

/** Offsets `[from, to)` of one partition. */
export interface PartitionRange {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** One end of a range: milliseconds since 1970, or an offset for each partition that is meant. */
export type RangeBound = number | ReadonlyMap<number, bigint>;

/**
 * How far behind their neighbours timestamps may be, in milliseconds. Producers set them, so a message of 23:59 may
 * follow one of 00:01; the end of a range by time is therefore looked for this much later.
 */
const latenessMs = 3_600_000;

/**
 * The offsets of a topic between two bounds, by partition, cut to what the log holds now; a topic that does not exist
 * has none. A bound by time is generous: the range may hold messages of other times, but misses none that is less
 * than an hour out of order. A bound by offsets leaves out the partitions it does not name.
 *
 * @throws DependencyError when Kafka is away or refuses
 */
export async function topicRanges(
  connection: KafkaConnection,
  topic: string,
  bounds: { readonly from?: RangeBound | undefined; readonly to?: RangeBound | undefined } = {},
): Promise<PartitionRange[]> {
  return await connection.admin(`tell the offsets of ${topic}`, async (admin) => {
    if (!(await admin.listTopics()).includes(topic)) return [];
    const offsetsAt = async (bound: RangeBound | undefined, laterMs = 0) => {
      if (typeof bound !== 'number') return bound;
      const found = await admin.fetchTopicOffsetsByTimestamp(topic, bound + laterMs);
      return new Map(found.map(({ partition, offset }) => [partition, BigInt(offset)]));
    };
    const from = await offsetsAt(bounds.from);
    const to = await offsetsAt(bounds.to, latenessMs);
    const log = await admin.fetchTopicOffsets(topic);
    return log
      .filter(({ partition }) => (from?.has(partition) ?? true) && (to?.has(partition) ?? true))
      .map(({ partition, low, high }) => ({
        partition,
        from: within(from?.get(partition) ?? BigInt(low), BigInt(low), BigInt(high)),
        to: within(to?.get(partition) ?? BigInt(high), BigInt(low), BigInt(high)),
      }))
      .sort((one, other) => one.partition - other.partition);
  });
}

function within(offset: bigint, low: bigint, high: bigint): bigint {
  return offset < low ? low : offset > high ? high : offset;
}

/** Messages of one partition, in order, and the offset after the last one. */
export interface Page {
  readonly partition: number;
  readonly messages: readonly ReceivedMessage[];
  readonly next: bigint;
}

const pageLimits: ChunkLimits = { messages: 256, bytes: 4 * 1024 * 1024 };
const attempts = 8;

/**
 * Reads ranges of a topic page by page, one partition after the other, each page when it is asked for. Joins no group
 * and commits nothing. Messages that the broker has deleted meanwhile are passed over.
 *
 * @throws DependencyError when Kafka refuses, or is away for longer than half a minute
 */
export async function* readRanges(
  connection: KafkaConnection,
  topic: string,
  ranges: readonly PartitionRange[],
  limits: ChunkLimits = pageLimits,
): AsyncGenerator<Page> {
  const wanted = ranges.filter(({ from, to }) => from < to);
  if (wanted.length === 0) return;
  const doing = `read ${topic}`;
  const fetcher = await openFetcher(connection, topic).catch((error: unknown) => {
    throw asKafkaError(error, doing);
  });
  try {
    for (const { partition, from, to } of wanted) {
      let at = from;
      while (at < to) {
        const page = await fetchPage(connection, fetcher, { topic, partition, at });
        if (page.messages.length === 0 && page.next === at && at >= page.end) break;
        const received = page.messages
          .filter(({ offset }) => BigInt(offset) < to)
          .map((message) => receivedMessage(topic, partition, message));
        for (const messages of chunksOf(received, limits, payloadBytes)) {
          const last = messages.at(-1);
          yield { partition, messages, next: last === undefined ? at : BigInt(last.offset) + 1n };
        }
        at = page.next;
      }
    }
  } finally {
    await fetcher.close();
  }
}

interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly at: bigint;
}

/** A page that brings the reader forward or tells it that the log ends here; faults that pass are waited out. */
async function fetchPage(
  connection: KafkaConnection,
  fetcher: PartitionFetcher,
  { topic, partition, at }: Position,
): Promise<FetchedPage> {
  const doing = `read partition ${partition} of ${topic} from offset ${at}`;
  let failure: unknown = new DependencyError(
    'kafka',
    'transient',
    `Kafka cannot ${doing}: it answers without messages`,
  );
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await sleep(Math.min(5_000, 100 * 2 ** attempt));
    try {
      const page = await fetcher.fetch(partition, at);
      // A broker that slows a client down answers with nothing although there is something.
      if (page.next > at || at >= page.end) return page;
    } catch (error) {
      if (protocolTypes(error).includes('OFFSET_OUT_OF_RANGE'))
        return await skipDeleted(connection, topic, partition, at);
      failure = asKafkaError(error, doing);
      if (!isTransient(failure)) throw failure;
      connection.logger.warn({ topic, partition, err: failure }, 'Kafka is away, trying again');
      await fetcher.refresh().catch((reason: unknown) => {
        connection.logger.debug({ err: reason }, 'no news of the cluster yet');
      });
    }
  }
  throw failure;
}

/** What had been at the offset is gone: goes on with the first message that is left. */
async function skipDeleted(
  connection: KafkaConnection,
  topic: string,
  partition: number,
  at: bigint,
): Promise<FetchedPage> {
  const log = await connection.admin(`tell the offsets of ${topic}`, (admin) => admin.fetchTopicOffsets(topic));
  const low = BigInt(log.find((entry) => entry.partition === partition)?.low ?? at);
  connection.logger.warn(
    { topic, partition, from: String(at), to: String(low) },
    'messages were deleted before reading',
  );
  return { messages: [], next: low > at ? low : at, end: low };
}

import type { ReceivedMessage } from '../domain/message.ts';
import type { KafkaConnection } from './connection.ts';
import { deadLetterHeaders as names } from './dead-letter.ts';
import { type PartitionRange, readRanges, topicRanges } from './read-range.ts';

/** A dead letter with what its headers say; what they do not say, or not legibly, is undefined. */
export interface DeadLetter {
  /** As it lies in the topic of dead letters. */
  readonly message: ReceivedMessage;
  readonly code: string | undefined;
  readonly detail: string | undefined;
  readonly step: string | undefined;
  readonly sourceTopic: string | undefined;
  readonly sourcePartition: string | undefined;
  readonly sourceOffset: string | undefined;
  /** How often it has been put back to its topic; 0 where the header says nothing. */
  readonly redriveCount: number;
}

/** Which dead letters are meant; what is absent is not asked for. */
export interface DeadLetterFilter {
  readonly code?: string | undefined;
  /** The topic it was rejected from. */
  readonly sourceTopic?: string | undefined;
  /** Rejected at this time or later, in milliseconds since 1970. */
  readonly since?: number | undefined;
  /** Rejected before this time. */
  readonly until?: number | undefined;
  /** Places in the topic of dead letters. */
  readonly places?: readonly LetterPlace[] | undefined;
  /** Only what is read after this place: partitions are read one after the other, oldest first. */
  readonly after?: LetterPlace | undefined;
}

/** A place in the topic of dead letters. */
export interface LetterPlace {
  readonly partition: number;
  readonly offset: bigint;
}

/** Reads the headers that `deadLetterOf` wrote. */
export function parseDeadLetter(message: ReceivedMessage): DeadLetter {
  const header = (name: string) => message.headers[name]?.[0]?.toString();
  return {
    message,
    code: header(names.code),
    detail: header(names.detail),
    step: header(names.step),
    sourceTopic: header(names.sourceTopic),
    sourcePartition: header(names.sourcePartition),
    sourceOffset: header(names.sourceOffset),
    redriveCount: wholeNumber(header(names.redriveCount)),
  };
}

/** Whether a dead letter is one of those meant; places are the reader's business. */
export function matchesFilter({ message, code, sourceTopic }: DeadLetter, filter: DeadLetterFilter): boolean {
  return (
    (filter.code === undefined || filter.code === code) &&
    (filter.sourceTopic === undefined || filter.sourceTopic === sourceTopic) &&
    (filter.since === undefined || message.timestamp >= filter.since) &&
    (filter.until === undefined || message.timestamp < filter.until)
  );
}

/**
 * The dead letters that a filter means, in pages, oldest first within a partition. Ends with the last letter that was
 * there when it began; a topic that does not exist has none.
 *
 * @throws DependencyError when Kafka is away or refuses
 */
export async function* readDeadLetters(
  connection: KafkaConnection,
  topic: string,
  filter: DeadLetterFilter,
): AsyncGenerator<DeadLetter[]> {
  const log = await topicRanges(connection, topic, { from: filter.since, to: filter.until });
  for await (const { messages } of readRanges(connection, topic, rangesOf(filter, log))) {
    const letters = messages.map(parseDeadLetter).filter((letter) => matchesFilter(letter, filter));
    if (letters.length > 0) yield letters;
  }
}

function rangesOf({ places, after }: DeadLetterFilter, log: readonly PartitionRange[]): readonly PartitionRange[] {
  if (places === undefined) return after === undefined ? log : log.flatMap((range) => restOf(range, after));
  return places.flatMap(({ partition, offset }) => {
    const held = log.find((range) => range.partition === partition);
    const isThere = held !== undefined && offset >= held.from && offset < held.to;
    return isThere ? [{ partition, from: offset, to: offset + 1n }] : [];
  });
}

function restOf(range: PartitionRange, { partition, offset }: LetterPlace): PartitionRange[] {
  if (range.partition < partition) return [];
  if (range.partition > partition || offset < range.from) return [range];
  return [{ ...range, from: offset + 1n }];
}

function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

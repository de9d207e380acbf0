import { type CountedRecord, countsOf } from '../insight/count-feedback.ts';
import type { FeedbackCounts } from '../insight/feedback-counts.ts';
import { createCountsSum } from '../insight/sum-counts.ts';
import type { Database } from './database.ts';
import { hourOf, type RecordDocument, type RollupDocument } from './documents.ts';
import { type FeedbackFilter, matching } from './feedback-filter.ts';
import { type StoredCounts, unpackCounts } from './packed-counts.ts';

/** The fields of a record that counting reads. */
export const countedFields = {
  _id: 0,
  channel: 1,
  customer: 1,
  topics: 1,
  'sentences.span': 1,
  'sentences.topics': 1,
  'sentences.intents': 1,
  'opinions.key': 1,
  'opinions.polarity': 1,
  'opinions.expression.span': 1,
  'sentiment.score': 1,
  survey: 1,
} as const;

/** Counts the records of a filter one by one, in constant memory. */
export async function countRecords(
  database: Pick<Database, 'records'>,
  filter: FeedbackFilter,
): Promise<FeedbackCounts> {
  const sum = createCountsSum();
  for await (const { counts } of countsOfRecords(database, filter)) sum.add(counts);
  return sum.sum();
}

/** Which parts of the counts are asked for: the others may come out empty. */
export interface CountedParts {
  /** Samples of customers and answers of each stance. */
  readonly voices: boolean;
  readonly opinions: boolean;
}

/** Counts of some records that share an hour. */
export interface TimedCounts {
  /** A time within that hour: its start, or when the one record was said. */
  readonly at: Date;
  readonly counts: FeedbackCounts;
}

/**
 * Counts of a filter: from the hourly roll-ups, or from the records themselves where attributes are filtered, which
 * roll-ups do not hold. The period must begin and end at full hours.
 */
export async function countFeedback(
  database: Pick<Database, 'records' | 'rollups'>,
  filter: FeedbackFilter,
  parts: CountedParts,
): Promise<FeedbackCounts> {
  const sum = createCountsSum();
  for await (const { counts } of timedCounts(database, filter, parts)) sum.add(counts);
  return sum.sum();
}

/** The same before it is added up, in no order. */
export function timedCounts(
  database: Pick<Database, 'records' | 'rollups'>,
  filter: FeedbackFilter,
  parts: CountedParts,
): AsyncGenerator<TimedCounts> {
  const isFiltered = Object.keys(filter.attributes ?? {}).length > 0;
  return isFiltered ? countsOfRecords(database, filter) : countsOfHours(database, filter, parts);
}

/** Counts of every record of a filter. Copies of one customer's words are kept and counted once. */
export async function* countsOfRecords(
  { records }: Pick<Database, 'records'>,
  filter: FeedbackFilter,
): AsyncGenerator<TimedCounts> {
  const uncopied = { ...matching(filter), duplicateOf: { $exists: false } };
  const found = records
    .find(uncopied)
    .project<CountedRecord & Pick<RecordDocument, 'occurredAt'>>({ ...countedFields, occurredAt: 1 });
  for await (const record of found) yield { at: record.occurredAt, counts: countsOf(record) };
}

async function* countsOfHours(
  database: Pick<Database, 'rollups'>,
  { tenant, since, until, channel }: FeedbackFilter,
  parts: CountedParts,
): AsyncGenerator<TimedCounts> {
  const rollups = database.rollups
    .find({ tenant, hour: { $gte: since, $lt: until } })
    .project<Pick<RollupDocument, 'hour'> & StoredCounts>({
      _id: 0,
      hour: 1,
      feedback: 1,
      ...(parts.opinions && { opinions: 1 }),
      ...(parts.voices ? { rows: 1 } : Object.fromEntries(plainFields.map((name) => [`rows.${name}`, 1]))),
    });
  const here = <T extends { readonly channel: string }>(counts: readonly T[]) =>
    channel === undefined ? counts : counts.filter((count) => count.channel === channel);
  for await (const { hour, rows = [], feedback = [], opinions = [] } of rollups) {
    const counts = unpackCounts({ rows: here(rows), feedback: here(feedback), opinions: here(opinions) });
    yield { at: hour, counts };
  }
}

const plainFields = ['topic', 'channel', 'count', 'negative', 'positive', 'mixed', 'requests', 'sentimentSum'];

/** A period widened to full hours, UTC: what roll-ups can answer. */
export function fullHours<T extends Pick<FeedbackFilter, 'since' | 'until'>>(filter: T): T {
  const last = hourOf(new Date(filter.until.getTime() - 1));
  return { ...filter, since: hourOf(filter.since), until: new Date(last.getTime() + 3_600_000) };
}

/** Hours of a period whose roll-up is still being recomputed. */
export function countPendingHours(
  { rollups }: Pick<Database, 'rollups'>,
  { tenant, since, until }: FeedbackFilter,
): Promise<number> {
  return rollups.countDocuments({ tenant, stale: true, hour: { $gte: since, $lt: until } });
}

import type { Filter } from 'mongodb';
import type { EnrichedRecord } from '../domain/record.ts';
import type { Database } from './database.ts';
import { fromDocument, type RecordDocument, recordKey } from './documents.ts';
import { type FeedbackFilter, matching } from './feedback-filter.ts';
import { withMongo } from './mongo-error.ts';

/** Which feedback to list, newest first. */
export interface FeedbackListFilter extends FeedbackFilter {
  readonly topic?: string | undefined;
  readonly sentiment?: string | undefined;
  readonly intent?: string | undefined;
  /** Pseudonym. */
  readonly customer?: string | undefined;
  /** Words that must occur in the text as they are. */
  readonly text?: string | undefined;
  /** Where the page before this one ended. */
  readonly after?: PageEnd | undefined;
  /** Pieces at most. */
  readonly limit: number;
}

/** The last piece of a page. */
export interface PageEnd {
  readonly occurredAt: Date;
  readonly id: string;
}

/** One page of feedback. */
export interface FeedbackPage {
  readonly records: readonly EnrichedRecord[];
  /** Where it ended, if there may be more. */
  readonly end?: PageEnd;
}

/** Lists feedback page by page. What is stored meanwhile appears where its time belongs, and never twice. */
export function queryFeedback(
  { records }: Pick<Database, 'records'>,
  filter: FeedbackListFilter,
): Promise<FeedbackPage> {
  return withMongo(async () => {
    const found = await records
      .find(conditionsOf(filter))
      .sort({ occurredAt: -1, _id: -1 })
      .limit(filter.limit)
      .toArray();
    const last = found.at(-1);
    const isFull = last !== undefined && found.length === filter.limit;
    return {
      records: found.map(fromDocument),
      ...(isFull && { end: { occurredAt: last.occurredAt, id: last.id } }),
    };
  });
}

const recordsAtOnce = 500;

/**
 * All feedback of a filter, newest first, page by page.
 *
 * @throws DependencyError while iterating
 */
export async function* readFeedbackList(
  database: Pick<Database, 'records'>,
  filter: Omit<FeedbackListFilter, 'after' | 'limit'>,
): AsyncGenerator<EnrichedRecord> {
  let after: PageEnd | undefined;
  do {
    const { records, end }: FeedbackPage = await queryFeedback(database, { ...filter, after, limit: recordsAtOnce });
    yield* records;
    after = end;
  } while (after !== undefined);
}

/** One piece of feedback of a tenant. */
export function findFeedback(
  { records }: Pick<Database, 'records'>,
  tenant: string,
  id: string,
): Promise<EnrichedRecord | undefined> {
  return withMongo(async () => {
    const found = await records.findOne({ _id: recordKey({ tenant, id }) });
    return found === null ? undefined : fromDocument(found);
  });
}

function conditionsOf(filter: FeedbackListFilter): Filter<RecordDocument> {
  const { topic, sentiment, intent, customer, text, after, tenant } = filter;
  const conditions: Filter<RecordDocument>[] = [matching(filter)];
  if (topic !== undefined) conditions.push({ 'topics.id': topic } as Filter<RecordDocument>);
  if (sentiment !== undefined) conditions.push({ 'sentiment.label': sentiment } as Filter<RecordDocument>);
  if (intent !== undefined) conditions.push({ 'intents.id': intent } as Filter<RecordDocument>);
  if (customer !== undefined) conditions.push({ customer });
  if (text !== undefined)
    conditions.push({ text: { $regex: text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`) } });
  if (after !== undefined) {
    const { occurredAt, id } = after;
    conditions.push({
      $or: [{ occurredAt: { $lt: occurredAt } }, { occurredAt, _id: { $lt: recordKey({ tenant, id }) } }],
    });
  }
  return { $and: conditions };
}

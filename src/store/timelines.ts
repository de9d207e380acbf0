import { recommendationIn } from '../insight/count-feedback.ts';
import type { Timeline, TimelineEvent, TimelineFeedback } from '../insight/timeline.ts';
import type { Database } from './database.ts';
import type { CustomerEventDocument, RecordDocument } from './documents.ts';
import { withMongo } from './mongo-error.ts';

type Spoken = Pick<RecordDocument, 'customer' | 'id' | 'occurredAt' | 'sentiment' | 'topics' | 'intents' | 'survey'>;

const spokenFields = { customer: 1, id: 1, occurredAt: 1, sentiment: 1, topics: 1, intents: 1, survey: 1 } as const;

/**
 * Timelines of all customers of a tenant, by pseudonym, or of one customer. Two cursors run side by side over their
 * indexes, so memory holds one customer at a time.
 *
 * @throws DependencyError while iterating
 */
export async function* readTimelines(
  { records, customerEvents }: Pick<Database, 'records' | 'customerEvents'>,
  { tenant, customer }: { readonly tenant: string; readonly customer?: string | undefined },
): AsyncGenerator<Timeline> {
  // Records of nobody have no customer; any text is greater than an empty one.
  const filter = { tenant, customer: customer ?? { $gt: '' } };
  const order = { customer: 1, occurredAt: -1 } as const;
  const spoken = grouped(
    records
      .find({ ...filter, status: 'analyzed' })
      .sort(order)
      .project<Spoken & { customer: string }>(spokenFields),
  );
  const done = grouped(customerEvents.find(filter).sort(order));
  let [feedback, events] = await withMongo(() => Promise.all([spoken.next(), done.next()]));
  while (feedback.done !== true || events.done !== true) {
    const next = [feedback, events].flatMap((one) => (one.done === true ? [] : [one.value.customer])).sort()[0] ?? '';
    const saidBy = feedback.done !== true && feedback.value.customer === next ? feedback.value.documents : [];
    const doneBy = events.done !== true && events.value.customer === next ? events.value.documents : [];
    yield { customer: next, events: doneBy.map(toEvent).reverse(), feedback: saidBy.flatMap(toFeedback).reverse() };
    if (saidBy.length > 0) feedback = await withMongo(() => spoken.next());
    if (doneBy.length > 0) events = await withMongo(() => done.next());
  }
}

interface Group<T> {
  readonly customer: string;
  readonly documents: readonly T[];
}

/** Neighbours of the same customer together. */
async function* grouped<T extends { readonly customer: string }>(
  documents: AsyncIterable<T>,
): AsyncGenerator<Group<T>, undefined> {
  let group: { customer: string; documents: T[] } | undefined;
  for await (const document of documents) {
    if (group?.customer === document.customer) group.documents.push(document);
    else {
      if (group !== undefined) yield group;
      group = { customer: document.customer, documents: [document] };
    }
  }
  if (group !== undefined) yield group;
  return undefined;
}

function toEvent({ _id, tenant, occurredAt, type, amount, mrr, count }: CustomerEventDocument): TimelineEvent {
  return {
    id: _id.slice(tenant.length + 1),
    at: occurredAt.getTime(),
    type,
    ...(amount !== undefined && { amount }),
    ...(mrr !== undefined && { mrr }),
    ...(count !== undefined && { count }),
  };
}

function toFeedback({ id, occurredAt, sentiment, topics, intents, survey }: Spoken): TimelineFeedback[] {
  if (sentiment === undefined) return [];
  const recommendation = recommendationIn(survey);
  return [
    {
      id,
      at: occurredAt.getTime(),
      sentiment: sentiment.label,
      score: sentiment.score,
      topics: topics.map(({ id: topic, polarity }) => ({ id: topic, polarity })),
      intents: intents.map(({ id: intent }) => intent),
      ...(recommendation !== undefined && { recommendation }),
    },
  ];
}

/** All timelines of a tenant at once: some 200 bytes for each event and piece of feedback. */
export async function readAllTimelines(
  database: Pick<Database, 'records' | 'customerEvents'>,
  tenant: string,
): Promise<Timeline[]> {
  const timelines: Timeline[] = [];
  for await (const timeline of readTimelines(database, { tenant })) timelines.push(timeline);
  return timelines;
}

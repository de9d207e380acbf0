import { type ChurnRisk, churnRisk } from '../insight/churn-model.ts';
import { leftAt, recurringRevenue, type TimelineEvent, type TimelineFeedback } from '../insight/timeline.ts';
import { readChurnModel } from './churn-models.ts';
import type { Database } from './database.ts';
import { type RecordDocument, recordKey } from './documents.ts';
import { withMongo } from './mongo-error.ts';
import { readTimelines } from './timelines.ts';

/** Whom to look up. */
export interface CustomerFilter {
  readonly tenant: string;
  /** The customer as stored: a pseudonym, or the identifier where KOE_CUSTOMER_ID says so. */
  readonly customer: string;
  /** As of when the risk is; later events and feedback are left out. */
  readonly at: Date;
  /** Events and pieces of feedback at most, the newest. */
  readonly limit: number;
}

/** One thing that a customer did or said; times are RFC 3339. */
export type CustomerMoment =
  | ({ readonly kind: 'event'; readonly at: string } & Omit<TimelineEvent, 'at'>)
  | ({ readonly kind: 'feedback'; readonly at: string; readonly text: string } & Omit<TimelineFeedback, 'at'>);

/** Everything known of one customer. */
export interface CustomerReport {
  readonly customer: string;
  /** Recurring revenue a month; 0 for who has left. */
  readonly mrr: number;
  /** When they left for good, RFC 3339. */
  readonly leftAt?: string;
  /** Absent for who has left. */
  readonly risk?: ChurnRisk;
  /** `rule`, or the number of the fitted model. */
  readonly modelVersion: 'rule' | number;
  /** Events and feedback together, newest first. */
  readonly moments: readonly CustomerMoment[];
  /** Texts behind the contributions to the risk, by id of the feedback. */
  readonly evidence: Readonly<Record<string, string>>;
}

/** The timeline and the churn risk of a customer; undefined for one of whom nothing is stored. */
export function queryCustomer(database: Database, filter: CustomerFilter): Promise<CustomerReport | undefined> {
  return withMongo(async () => {
    const { tenant, customer, at, limit } = filter;
    const { value: whole } = await readTimelines(database, { tenant, customer }).next();
    if (whole === undefined) return undefined;
    const until = at.getTime();
    const timeline = {
      customer,
      events: whole.events.filter((one: TimelineEvent) => one.at < until),
      feedback: whole.feedback.filter((one: TimelineFeedback) => one.at < until),
    };
    const { model, version } = await readChurnModel(database, tenant);
    const left = leftAt(timeline);
    const risk = left === undefined ? churnRisk(timeline, until, model) : undefined;
    const newest = [...timeline.events, ...timeline.feedback].sort((one, other) => other.at - one.at).slice(0, limit);
    const evidence = (risk?.contributions ?? []).flatMap((contribution) => contribution.evidence);
    const texts = await readTexts(database, tenant, [...newest.map(({ id }) => id), ...evidence]);
    return {
      customer,
      mrr: recurringRevenue(timeline),
      ...(left !== undefined && { leftAt: new Date(left).toISOString() }),
      ...(risk !== undefined && { risk }),
      modelVersion: version,
      moments: newest.map((one) => momentOf(one, texts)),
      evidence: Object.fromEntries(evidence.map((id) => [id, texts.get(id) ?? ''])),
    };
  });
}

function momentOf(one: TimelineEvent | TimelineFeedback, texts: ReadonlyMap<string, string>): CustomerMoment {
  const at = new Date(one.at).toISOString();
  return 'type' in one
    ? { kind: 'event', ...one, at }
    : { kind: 'feedback', ...one, at, text: texts.get(one.id) ?? '' };
}

async function readTexts(
  { records }: Pick<Database, 'records'>,
  tenant: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const found = await records
    .find({ _id: { $in: [...new Set(ids)].map((id) => recordKey({ tenant, id })) } })
    .project<Pick<RecordDocument, 'id' | 'text'>>({ _id: 0, id: 1, text: 1 })
    .toArray();
  return new Map(found.map(({ id, text }) => [id, text]));
}

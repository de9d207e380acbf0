import { type ChurnRisk, churnRisk } from '../insight/churn-model.ts';
import type { TimelineEvent, TimelineFeedback } from '../insight/timeline.ts';
import { readChurnModel } from './churn-models.ts';
import { activityOf, type CustomerActivity } from './customer-list-query.ts';
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
  /** Only what came before this one. */
  readonly after?: MomentEnd | undefined;
}

/** The last moment of a page. */
export interface MomentEnd {
  readonly at: Date;
  /** `kind/id`. */
  readonly key: string;
}

/** One thing that a customer did or said; times are RFC 3339. */
export type CustomerMoment =
  | ({ readonly kind: 'event'; readonly at: string } & Omit<TimelineEvent, 'at'>)
  | ({ readonly kind: 'feedback'; readonly at: string; readonly text: string } & Omit<TimelineFeedback, 'at'>);

/** Everything known of one customer; the numbers are those of their whole timeline. */
export interface CustomerReport extends CustomerActivity {
  /** Absent for who has left. */
  readonly risk?: ChurnRisk;
  /** `rule`, or the number of the fitted model. */
  readonly modelVersion: 'rule' | number;
  /** Events and feedback together, newest first. */
  readonly moments: readonly CustomerMoment[];
  /** Where the moments end, if there are more. */
  readonly end?: MomentEnd;
  /** Texts behind the contributions to the risk, by id of the feedback. */
  readonly evidence: Readonly<Record<string, string>>;
}

/** The timeline and the churn risk of a customer; undefined for one of whom nothing is stored. */
export function queryCustomer(database: Database, filter: CustomerFilter): Promise<CustomerReport | undefined> {
  return withMongo(async () => {
    const { tenant, customer, at } = filter;
    const { value: whole } = await readTimelines(database, { tenant, customer }).next();
    if (whole === undefined) return undefined;
    const until = at.getTime();
    const timeline = {
      customer,
      events: whole.events.filter((one: TimelineEvent) => one.at < until),
      feedback: whole.feedback.filter((one: TimelineFeedback) => one.at < until),
    };
    const [activity] = activityOf(timeline, Number.NEGATIVE_INFINITY, until);
    if (activity === undefined) return undefined;
    const { model, version } = await readChurnModel(database, tenant);
    const risk = activity.leftAt === undefined ? churnRisk(timeline, until, model) : undefined;
    const { page: newest, end } = pageOf([...timeline.events, ...timeline.feedback], filter);
    const evidence = (risk?.contributions ?? []).flatMap((contribution) => contribution.evidence);
    const texts = await readTexts(database, tenant, [...newest.map(({ id }) => id), ...evidence]);
    return {
      ...activity,
      ...(risk !== undefined && { risk }),
      modelVersion: version,
      moments: newest.map((one) => momentOf(one, texts)),
      ...(end !== undefined && { end }),
      evidence: Object.fromEntries(evidence.map((id) => [id, texts.get(id) ?? ''])),
    };
  });
}

type Moment = TimelineEvent | TimelineFeedback;

/** The newest first; what came at the same time is told apart by kind and id. */
function pageOf(
  moments: readonly Moment[],
  { limit, after }: CustomerFilter,
): { readonly page: readonly Moment[]; readonly end?: MomentEnd } {
  const place = (moment: Moment) => ({ at: moment.at, key: `${'type' in moment ? 'event' : 'feedback'}/${moment.id}` });
  const ordered = moments
    .map((moment) => ({ moment, ...place(moment) }))
    .filter(({ at, key }) => after === undefined || isBefore({ at, key }, { at: after.at.getTime(), key: after.key }))
    .sort((one, other) => (isBefore(one, other) ? 1 : -1));
  const page = ordered.slice(0, limit);
  const last = page.at(-1);
  const hasMore = last !== undefined && page.length < ordered.length;
  return { page: page.map(({ moment }) => moment), ...(hasMore && { end: { at: new Date(last.at), key: last.key } }) };
}

interface Place {
  readonly at: number;
  readonly key: string;
}

function isBefore(one: Place, other: Place): boolean {
  return one.at === other.at ? one.key < other.key : one.at < other.at;
}

function momentOf(one: Moment, texts: ReadonlyMap<string, string>): CustomerMoment {
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

import type { ChurnBand } from '../domain/churn-change.ts';
import { leftAt, recurringRevenue, type Timeline } from '../insight/timeline.ts';
import type { Database } from './database.ts';
import { type ChurnRiskDocument, recordKey } from './documents.ts';
import { withMongo } from './mongo-error.ts';
import { readTimelines } from './timelines.ts';

/** Whose customers, and in which period they did or said something. */
export interface CustomerListFilter {
  readonly tenant: string;
  readonly since: Date;
  readonly until: Date;
}

/** What one customer did and said in a period, and how they stand at its end; times are RFC 3339. */
export interface CustomerActivity {
  readonly customer: string;
  readonly firstAt: string;
  readonly lastAt: string;
  /** Pieces of feedback. */
  readonly feedback: number;
  readonly negative: number;
  readonly positive: number;
  /** Mean sentiment, from -1 to 1; absent without feedback. */
  readonly sentiment?: number;
  /** Latest answer to the recommendation question, 0 to 10. */
  readonly recommendation?: number;
  readonly events: number;
  /** Money paid at once, all purchases together. */
  readonly amount: number;
  /** Recurring revenue a month. */
  readonly mrr: number;
  /** When they left for good. */
  readonly leftAt?: string;
}

/** The same, with what else is known of them. */
export interface CustomerSummary extends CustomerActivity {
  /** The risk of leaving as last scored; absent for who was not. */
  readonly risk?: number;
  readonly quarterRisk?: number;
  readonly band?: ChurnBand;
}

type Risk = Pick<ChurnRiskDocument, 'customer' | 'risk' | 'quarterRisk' | 'band'>;

const customersAtOnce = 200;

/**
 * The customers who did or said anything in a period, by pseudonym. Memory holds some hundred of them.
 *
 * @throws DependencyError while iterating
 */
export async function* readCustomerList(
  database: Pick<Database, 'records' | 'customerEvents' | 'churnRisks'>,
  { tenant, since, until }: CustomerListFilter,
): AsyncGenerator<CustomerSummary> {
  let page: CustomerActivity[] = [];
  for await (const timeline of readTimelines(database, { tenant })) {
    page.push(...activityOf(timeline, since.getTime(), until.getTime()));
    if (page.length < customersAtOnce) continue;
    yield* await withRisks(database, tenant, page);
    page = [];
  }
  yield* await withRisks(database, tenant, page);
}

/**
 * What a timeline tells of a customer in a period; of who did and said nothing in it, nothing.
 *
 * @param since start of the period in milliseconds since 1970
 * @param until its end, excluded
 */
export function activityOf({ customer, ...whole }: Timeline, since: number, until: number): CustomerActivity[] {
  const inTime = ({ at }: { readonly at: number }) => at >= since && at < until;
  const known = whole.events.filter(({ at }) => at < until);
  const events = known.filter(inTime);
  const feedback = whole.feedback.filter(inTime);
  const times = [...events, ...feedback].map(({ at }) => at);
  if (times.length === 0) return [];
  const left = leftAt({ events: known });
  const recommendation = feedback.findLast((one) => one.recommendation !== undefined)?.recommendation;
  const scores = feedback.reduce((sum, { score }) => sum + score, 0);
  return [
    {
      customer,
      firstAt: new Date(times.reduce((one, other) => Math.min(one, other))).toISOString(),
      lastAt: new Date(times.reduce((one, other) => Math.max(one, other))).toISOString(),
      feedback: feedback.length,
      negative: feedback.filter(({ sentiment }) => sentiment === 'negative').length,
      positive: feedback.filter(({ sentiment }) => sentiment === 'positive').length,
      ...(feedback.length > 0 && { sentiment: scores / feedback.length }),
      ...(recommendation !== undefined && { recommendation }),
      events: events.length,
      amount: events.reduce((sum, { amount = 0 }) => sum + amount, 0),
      mrr: recurringRevenue({ events: known }),
      ...(left !== undefined && { leftAt: new Date(left).toISOString() }),
    },
  ];
}

async function withRisks(
  { churnRisks }: Pick<Database, 'churnRisks'>,
  tenant: string,
  customers: readonly CustomerActivity[],
): Promise<CustomerSummary[]> {
  const keys = customers.map(({ customer }) => recordKey({ tenant, id: customer }));
  const found = await withMongo(() =>
    churnRisks
      .find({ _id: { $in: keys } })
      .project<Risk>({ _id: 0, customer: 1, risk: 1, quarterRisk: 1, band: 1 })
      .toArray(),
  );
  const risks = new Map(found.map(({ customer, ...risk }) => [customer, risk]));
  return customers.map((one) => ({ ...one, ...risks.get(one.customer) }));
}

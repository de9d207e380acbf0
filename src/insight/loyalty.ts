import { recurringRevenue, type Timeline } from './timeline.ts';

/**
 * Where a customer stands by what they feel and what they do: `true` both, `latent` feels but does not buy,
 * `spurious` buys without feeling, `none` neither.
 *
 * Source: A. S. Dick, K. Basu, "Customer loyalty: toward an integrated conceptual framework", Journal of the Academy
 * of Marketing Science 22 (1994).
 */
export const loyaltyQuadrants = ['true', 'latent', 'spurious', 'none'] as const;
export type LoyaltyQuadrant = (typeof loyaltyQuadrants)[number];

/** Loyalty of one customer; every part from 0 to 1, where 0.5 is neither one nor the other. */
export interface Loyalty {
  readonly customer: string;
  /** From sentiment and recommendation. */
  readonly attitude: number;
  /** From how lately, how often and for how much they came, each ranked among all customers. */
  readonly behaviour: number;
  /** 100 × the weighted mean of both, see {@link loyaltyWeights}. */
  readonly index: number;
  readonly quadrant: LoyaltyQuadrant;
  /** Recommends at 9 or 10, or praises at least twice and never complains, within the period. */
  readonly advocate: boolean;
}

/** Weights of the index. */
export const loyaltyWeights = { attitude: 0.5, behaviour: 0.5 } as const;

/** Loyalty of all customers of a group over the period that ends at `until`; both in milliseconds since 1970. */
export function loyaltyOf(timelines: readonly Timeline[], since: number, until: number): Loyalty[] {
  const within = timelines.map((timeline) => inPeriod(timeline, since, until));
  const behaviours = within.map(behaviourOf);
  const ranks = (['lateness', 'visits', 'amount'] as const).map((part) => ranked(behaviours.map((one) => one[part])));
  return within.map((timeline, at): Loyalty => {
    const attitude = attitudeOf(timeline);
    const behaviour = ranks.reduce((sum, rank) => sum + (rank[at] ?? 0) / ranks.length, 0);
    return {
      customer: timeline.customer,
      attitude,
      behaviour,
      index: 100 * (loyaltyWeights.attitude * attitude + loyaltyWeights.behaviour * behaviour),
      quadrant: quadrantOf(attitude > 0.5, behaviour >= 0.5),
      advocate: isAdvocate(timeline),
    };
  });
}

function quadrantOf(feels: boolean, comes: boolean): LoyaltyQuadrant {
  if (feels) return comes ? 'true' : 'latent';
  return comes ? 'spurious' : 'none';
}

function inPeriod({ customer, events, feedback }: Timeline, since: number, until: number): Timeline {
  const inside = ({ at }: { readonly at: number }) => at >= since && at < until;
  return { customer, events: events.filter(inside), feedback: feedback.filter(inside) };
}

/** Mean sentiment and last recommendation, each brought to 0 to 1; whichever there is. */
function attitudeOf({ feedback }: Timeline): number {
  const recommendation = feedback.findLast((one) => one.recommendation !== undefined)?.recommendation;
  const parts = [
    ...(feedback.length > 0 ? [(1 + feedback.reduce((sum, { score }) => sum + score, 0) / feedback.length) / 2] : []),
    ...(recommendation === undefined ? [] : [recommendation / 10]),
  ];
  return parts.length === 0 ? 0.5 : parts.reduce((sum, part) => sum + part, 0) / parts.length;
}

function behaviourOf({ events }: Timeline) {
  const active = events.filter(({ type }) => type !== 'cancelled');
  return {
    lateness: active.at(-1)?.at ?? 0,
    visits: active.reduce((sum, { type, count }) => sum + (type === 'used' ? (count ?? 0) : 1), 0),
    amount: active.reduce((sum, { amount, mrr }) => sum + (amount ?? 0) + (mrr ?? 0), 0),
  };
}

/** Rank of each value among all, from 0 to 1; equal values share the mean of their ranks. */
function ranked(values: readonly number[]): number[] {
  const sorted = [...values].sort((one, other) => one - other);
  const places = new Map<number, { from: number; count: number }>();
  sorted.forEach((value, at) => {
    const place = places.get(value);
    if (place === undefined) places.set(value, { from: at, count: 1 });
    else place.count++;
  });
  return values.map((value) => {
    const { from, count } = places.get(value) ?? { from: 0, count: 1 };
    return values.length === 1 ? 0.5 : (from + (count - 1) / 2) / (values.length - 1);
  });
}

function isAdvocate({ feedback }: Timeline): boolean {
  const answer = feedback.findLast(({ recommendation }) => recommendation !== undefined)?.recommendation;
  if (answer !== undefined) return answer >= 9;
  const praises = feedback.filter(({ intents }) => intents.includes('praise')).length;
  return praises >= 2 && feedback.every(({ intents }) => !intents.includes('complaint'));
}

/** Recurring revenue of a group that was there at the start, a period later. */
export interface RevenueRetention {
  /** Money a month. */
  readonly start: number;
  readonly expansion: number;
  readonly contraction: number;
  readonly churned: number;
  /** Net revenue retention: (start + expansion − contraction − churned) / start. Undefined without revenue at the start. */
  readonly nrr?: number;
  /** Whether expansion outweighs all that was lost. */
  readonly negativeChurn: boolean;
}

/** Net revenue retention of the customers who paid at `since`, as of `until`; both in milliseconds since 1970. */
export function revenueRetention(timelines: readonly Timeline[], since: number, until: number): RevenueRetention {
  const sums = { start: 0, expansion: 0, contraction: 0, churned: 0 };
  for (const timeline of timelines) {
    const [before, after] = [since, until].map((time) =>
      recurringRevenue({ events: timeline.events.filter(({ at }) => at < time) }),
    ) as [number, number];
    if (before === 0) continue;
    sums.start += before;
    if (after === 0) sums.churned += before;
    else if (after > before) sums.expansion += after - before;
    else sums.contraction += before - after;
  }
  const { start, expansion, contraction, churned } = sums;
  return {
    ...sums,
    ...(start > 0 && { nrr: (start + expansion - contraction - churned) / start }),
    negativeChurn: expansion > contraction + churned,
  };
}

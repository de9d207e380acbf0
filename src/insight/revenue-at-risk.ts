import { type CustomerSample, sumOverCustomers } from './customer-sample.ts';
import type { Estimate } from './difference.ts';

/** What a customer pays, and how much likelier than a typical one they are to leave. */
export interface RevenueRisk {
  /** Recurring revenue a month. */
  readonly mrr: number;
  /** Probability of leaving within 30 days, from 0 to 1. */
  readonly risk: number;
  /** The same for a customer with every feature at its mean. */
  readonly baseRisk: number;
}

/**
 * Revenue a month that a group of customers is expected to take along beyond what typical ones would: the sum of
 * `mrr · max(0, risk − baseRisk)`. Customers without a score count as 0.
 */
export function revenueAtRisk(customers: CustomerSample, scores: ReadonlyMap<number, RevenueRisk>): Estimate {
  return sumOverCustomers(customers, (hash) => {
    const score = scores.get(hash);
    return score === undefined ? 0 : score.mrr * Math.max(0, score.risk - score.baseRisk);
  });
}

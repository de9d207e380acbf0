import {
  type Loyalty,
  type LoyaltyQuadrant,
  loyaltyOf,
  loyaltyQuadrants,
  loyaltyWeights,
  type RevenueRetention,
  revenueRetention,
} from '../insight/loyalty.ts';
import { leftAt } from '../insight/timeline.ts';
import type { Database } from './database.ts';
import { withMongo } from './mongo-error.ts';
import { readAllTimelines } from './timelines.ts';

/** Whose loyalty, and over which period. */
export interface LoyaltyFilter {
  readonly tenant: string;
  readonly since: Date;
  readonly until: Date;
  /** Advocates listed at most. */
  readonly limit: number;
}

/** How loyal a tenant's customers are. */
export interface LoyaltyReport {
  /** RFC 3339. */
  readonly since: string;
  readonly until: string;
  /** Customers who did or said anything in the period and have not left by its end. */
  readonly customers: number;
  /** Mean of all indexes, from 0 to 100; absent without customers. */
  readonly index?: number;
  readonly weights: typeof loyaltyWeights;
  readonly quadrants: readonly {
    readonly quadrant: LoyaltyQuadrant;
    readonly customers: number;
    readonly share: number;
  }[];
  readonly advocates: number;
  /** Advocates with the highest index. */
  readonly listed: readonly Loyalty[];
  readonly revenue: RevenueRetention;
}

/** Loyalty of all customers of a tenant; holds their timelines in memory, for behaviour is ranked among them. */
export function queryLoyalty(database: Database, filter: LoyaltyFilter): Promise<LoyaltyReport> {
  return withMongo(async () => {
    const { since, until } = filter;
    const [from, to] = [since.getTime(), until.getTime()];
    const timelines = (await readAllTimelines(database, filter.tenant)).map(({ customer, events, feedback }) => ({
      customer,
      events: events.filter(({ at }) => at < to),
      feedback: feedback.filter(({ at }) => at < to),
    }));
    const active = timelines.filter(
      (timeline) =>
        leftAt(timeline) === undefined && [...timeline.events, ...timeline.feedback].some(({ at }) => at >= from),
    );
    const all = loyaltyOf(active, from, to);
    const advocates = all.filter(({ advocate }) => advocate);
    return {
      since: since.toISOString(),
      until: until.toISOString(),
      customers: all.length,
      ...(all.length > 0 && { index: all.reduce((sum, { index }) => sum + index, 0) / all.length }),
      weights: loyaltyWeights,
      quadrants: loyaltyQuadrants.map((quadrant) => {
        const customers = all.filter((one) => one.quadrant === quadrant).length;
        return { quadrant, customers, share: all.length === 0 ? 0 : customers / all.length };
      }),
      advocates: advocates.length,
      listed: advocates.sort((one, other) => other.index - one.index).slice(0, filter.limit),
      revenue: revenueRetention(timelines, from, to),
    };
  });
}

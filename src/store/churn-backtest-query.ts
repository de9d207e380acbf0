import { backtestChurn, type ChurnBacktest } from '../insight/churn-backtest.ts';
import type { Database } from './database.ts';
import { withMongo } from './mongo-error.ts';
import { readAllTimelines } from './timelines.ts';

/** Whose customers, and when learning ends and measuring ends. */
export interface BacktestFilter {
  readonly tenant: string;
  readonly split: Date;
  readonly until: Date;
}

/** How well churn would have been predicted; `backtest` is absent where no whole period lies after the split. */
export interface BacktestReport {
  /** RFC 3339. */
  readonly split: string;
  readonly until: string;
  readonly customers: number;
  readonly backtest?: ChurnBacktest;
}

/** Tests churn models on a tenant's past: learnt before the split, measured after it. */
export function queryChurnBacktest(
  database: Database,
  { tenant, split, until }: BacktestFilter,
): Promise<BacktestReport> {
  return withMongo(async () => {
    const timelines = await readAllTimelines(database, tenant);
    const backtest = backtestChurn(timelines, split.getTime(), until.getTime());
    return {
      split: split.toISOString(),
      until: until.toISOString(),
      customers: timelines.length,
      ...(backtest !== undefined && { backtest }),
    };
  });
}

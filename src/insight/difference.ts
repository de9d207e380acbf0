import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import type { Observed } from './beta-prior.ts';

/** An estimate with its standard error, in the same unit. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/** Two-sided p-value of two independent estimates being equal. Wald's test; 1 when neither can err and both agree. */
export function differencePValue(one: Estimate, other: Estimate): number {
  const error = Math.hypot(one.standardError, other.standardError);
  const difference = Math.abs(one.value - other.value);
  if (error === 0) return difference === 0 ? 1 : 0;
  return 2 * normalCdf(-difference / error, 0, 1);
}

/**
 * Two-sided p-value of two groups having the same share: the pooled z test. 1 when either is empty.
 *
 * Source: A. Agresti, "Categorical Data Analysis" (2013), 3.2.
 */
export function shareDifferencePValue(one: Observed, other: Observed): number {
  if (one.trials === 0 || other.trials === 0) return 1;
  const pooled = (one.successes + other.successes) / (one.trials + other.trials);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / one.trials + 1 / other.trials));
  if (error === 0) return 1;
  return 2 * normalCdf(-Math.abs(one.successes / one.trials - other.successes / other.trials) / error, 0, 1);
}

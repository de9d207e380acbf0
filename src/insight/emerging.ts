import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { adjustedPValues } from './benjamini-hochberg.ts';
import { type TermCounts, type TermShift, termShifts } from './log-odds.ts';

/** A term that is spoken of more than it used to be, more surely than chance explains. */
export interface EmergingTerm extends TermShift {
  /** Its share of all terms now, by its share in the baseline. Infinite for one that was never seen. */
  readonly growth: number;
  /** Share of false alarms among all terms at least as striking as this one. */
  readonly q: number;
}

/** How surely and how often a term must have risen. */
export interface EmergingLimits {
  /** Largest q. */
  readonly q: number;
  /** Fewest occurrences now. */
  readonly count: number;
}

const usual: EmergingLimits = { q: 0.05, count: 5 };

/**
 * Terms (opinions or topics) whose share rose against a baseline, most striking first: log-odds with a Dirichlet prior,
 * one-sided, with Benjamini and Hochberg's correction over all terms.
 */
export function emergingTerms(
  current: TermCounts,
  baseline: TermCounts,
  limits: EmergingLimits = usual,
): EmergingTerm[] {
  const total = { current: sumOf(current), baseline: sumOf(baseline) };
  const shifts = termShifts(current, baseline);
  // Rare terms are tested too: leaving them out by their count now would leave out those that chance held low.
  const adjusted = adjustedPValues(shifts.map(({ z }) => normalCdf(-z, 0, 1)));
  return shifts
    .map((shift, at): EmergingTerm => {
      const growth = shift.count / total.current / (shift.baselineCount / total.baseline);
      return { ...shift, growth: shift.baselineCount === 0 ? Number.POSITIVE_INFINITY : growth, q: adjusted[at] ?? 1 };
    })
    .filter(({ q, z, count }) => q <= limits.q && z > 0 && count >= limits.count)
    .sort((one, other) => other.z - one.z);
}

function sumOf(counts: TermCounts): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

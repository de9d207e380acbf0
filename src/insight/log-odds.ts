/** How often each term (an opinion, a topic) occurs. */
export type TermCounts = ReadonlyMap<string, number>;

/** How much more likely a term is now than in the baseline. */
export interface TermShift {
  readonly term: string;
  readonly count: number;
  readonly baselineCount: number;
  /** Difference of the log odds; above 0 the term is more frequent now. */
  readonly logOdds: number;
  /** That difference in standard errors. */
  readonly z: number;
}

/** Total weight of the prior, in occurrences; spread over the terms as they occur in both periods together. */
const priorWeight = 500;

/**
 * Log-odds ratio of each term with an informative Dirichlet prior: rare terms need more evidence than frequent ones.
 * All terms of either period, in the order of `current`, then of `baseline`.
 *
 * Source: B. L. Monroe, M. P. Colaresi, K. M. Quinn, "Fightin' Words", Political Analysis 16 (2008), equations 16–22.
 */
export function termShifts(current: TermCounts, baseline: TermCounts): TermShift[] {
  const totals = { current: total(current), baseline: total(baseline) };
  const both = totals.current + totals.baseline;
  const terms = [...new Set([...current.keys(), ...baseline.keys()])];
  return terms.map((term) => {
    const count = current.get(term) ?? 0;
    const baselineCount = baseline.get(term) ?? 0;
    const prior = (priorWeight * (count + baselineCount)) / both;
    const odds = (seen: number, of: number) => Math.log((seen + prior) / (of + priorWeight - seen - prior));
    // A term that is alone makes up the whole of both periods.
    const logOdds = terms.length === 1 ? 0 : odds(count, totals.current) - odds(baselineCount, totals.baseline);
    const z = logOdds / Math.sqrt(1 / (count + prior) + 1 / (baselineCount + prior));
    return { term, count, baselineCount, logOdds, z };
  });
}

function total(counts: TermCounts): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

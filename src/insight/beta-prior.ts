/** A share seen in some group: so many of so many. */
export interface Observed {
  readonly successes: number;
  readonly trials: number;
}

/** What is known of a share before it is observed: Beta(alpha, beta), as strong as `alpha + beta` trials. */
export interface BetaPrior {
  readonly alpha: number;
  readonly beta: number;
}

/** The mean of a share after observing a group: few trials stay near the prior, many speak for themselves. */
export function shrunkShare({ successes, trials }: Observed, { alpha, beta }: BetaPrior): number {
  return (alpha + successes) / (alpha + beta + trials);
}

/** Trials that the prior weighs, at least and at most: one group alone tells nothing, equal groups would tell all. */
const strengths = { min: 2, max: 1000 };

/**
 * The prior from which groups seem to be drawn: their common mean, and a strength from how much they differ beyond
 * what chance explains.
 *
 * @param groups those without trials do not count; with fewer than two the prior is as weak as it may be
 *
 * Source: method of moments for the beta-binomial; J. C. Kleinman, "Proportions with extraneous variance", JASA 68 (1973).
 */
export function fitBetaPrior(groups: readonly Observed[]): BetaPrior {
  const used = groups.filter(({ trials }) => trials > 0);
  const trials = used.reduce((sum, group) => sum + group.trials, 0);
  const successes = used.reduce((sum, group) => sum + group.successes, 0);
  // Half a success and half a failure, so that a share of 0 or 1 is never certain.
  const mean = (successes + 0.5) / (trials + 1);
  const strength = used.length < 2 ? strengths.min : estimateStrength(used, mean, trials);
  return { alpha: mean * strength, beta: (1 - mean) * strength };
}

function estimateStrength(groups: readonly Observed[], mean: number, trials: number): number {
  let between = 0;
  let squares = 0;
  for (const group of groups) {
    between += group.trials * (group.successes / group.trials - mean) ** 2;
    squares += group.trials ** 2;
  }
  const variance = mean * (1 - mean);
  const expected = variance * (groups.length - 1);
  const correlation = (between - expected) / (variance * (trials - squares / trials - (groups.length - 1)));
  if (!(correlation > 0)) return strengths.max;
  return Math.min(strengths.max, Math.max(strengths.min, 1 / correlation - 1));
}

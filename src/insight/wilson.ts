/**
 * Wilson score interval of a proportion.
 *
 * @param successes how many of `total` had the property
 * @param z quantile of the normal distribution; 1.96 gives 95 %
 * @returns lower and upper bound between 0 and 1; the whole range when `total` is 0
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 */
export function wilsonInterval(successes: number, total: number, z = 1.959964): readonly [low: number, high: number] {
  if (total === 0) return [0, 1];
  const share = successes / total;
  const square = z * z;
  const centre = (share + square / (2 * total)) / (1 + square / total);
  const half = (z / (1 + square / total)) * Math.sqrt((share * (1 - share)) / total + square / (4 * total * total));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

import { negativeBinomialTail } from '../insight/tails.ts';

const tail = 0.025;

/**
 * Counts between which 95 % of usual windows lie, for a negative binomial with this mean and dispersion: the smallest
 * count with at most 2.5 % above it, and the largest with at most 2.5 % below.
 */
export function negativeBinomialInterval(mean: number, dispersion: number): [number, number] {
  let high = 0;
  while (negativeBinomialTail(high + 1, mean, dispersion) > tail) high++;
  let low = 0;
  while (1 - negativeBinomialTail(low + 1, mean, dispersion) <= tail && low < high) low++;
  return [low, high];
}

import betainc from '@stdlib/math-base-special-betainc';
import betaln from '@stdlib/math-base-special-betaln';
import gammainc from '@stdlib/math-base-special-gammainc';

// Upper tails are computed as such and not as 1 − cdf, so that very small ones stay exact.

/** P(X ≥ k) for a binomial X: `trials` trials that succeed with probability `share`. NIST DLMF 8.17.5. */
export function binomialTail(k: number, trials: number, share: number): number {
  if (k <= 0) return 1;
  if (k > trials) return 0;
  return betainc(share, k, trials - k + 1);
}

/** P(X ≥ k) for a Poisson X with this mean. NIST DLMF 8.4.10. */
export function poissonTail(k: number, mean: number): number {
  if (k <= 0) return 1;
  return mean > 0 ? gammainc(mean, k) : 0;
}

/**
 * P(X ≥ k) for a negative binomial X with this mean and variance `mean + mean² · dispersion`: counts that vary more
 * than Poisson's. A dispersion of 0 is Poisson's. J. M. Hilbe, "Negative Binomial Regression" (2011), NB2.
 */
export function negativeBinomialTail(k: number, mean: number, dispersion: number): number {
  if (k <= 0) return 1;
  if (mean <= 0) return 0;
  if (dispersion <= 0) return poissonTail(k, mean);
  const size = 1 / dispersion;
  return betainc(mean / (size + mean), k, size);
}

/**
 * P(X ≥ k) for a beta-binomial X: `trials` trials whose share of successes is itself drawn from Beta(alpha, beta).
 * Summed term by term from the ratio of neighbours, at most `trials` terms.
 * J. G. Skellam, "A probability distribution derived from the binomial distribution…", JRSS B 10 (1948).
 */
export function betaBinomialTail(k: number, trials: number, alpha: number, beta: number): number {
  if (k <= 0) return 1;
  if (k > trials) return 0;
  // The shorter side is summed.
  if (k < trials / 2 && k < (trials * alpha) / (alpha + beta)) {
    return 1 - sumMass(0, k - 1, trials, alpha, beta);
  }
  return Math.min(1, sumMass(k, trials, trials, alpha, beta));
}

function sumMass(from: number, to: number, trials: number, alpha: number, beta: number): number {
  // C(n, k) = 1 / ((n + 1) · B(n − k + 1, k + 1))
  let mass = Math.exp(
    betaln(from + alpha, trials - from + beta) -
      betaln(alpha, beta) -
      betaln(trials - from + 1, from + 1) -
      Math.log(trials + 1),
  );
  let sum = mass;
  for (let k = from; k < to; k++) {
    mass *= ((trials - k) / (k + 1)) * ((k + alpha) / (trials - k - 1 + beta));
    sum += mass;
  }
  return sum;
}

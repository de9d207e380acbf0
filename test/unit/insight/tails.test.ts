import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { betaBinomialTail, binomialTail, negativeBinomialTail, poissonTail } from '../../../src/insight/tails.ts';

/** Relative difference to a value known to five digits. */
function expectDigits(actual: number, expected: number): void {
  expect(Math.abs(actual / expected - 1)).toBeLessThan(5e-5);
}

describe('known values', () => {
  // R 4.3: pbinom(17, 40, .2, lower = FALSE), ppois(14, 6, lower = FALSE), pnbinom(14, size = 2, mu = 6, lower = FALSE)
  test('binomial', () => expectDigits(binomialTail(18, 40, 0.2), 3.0449e-4));
  test('Poisson', () => expectDigits(poissonTail(15, 6), 1.4004e-3));
  test('beta-binomial', () => expectDigits(betaBinomialTail(18, 40, 20, 80), 2.2559e-3));
  test('negative binomial with size 1 is geometric', () => expectDigits(negativeBinomialTail(5, 3, 1), (3 / 4) ** 5));
});

describe('at the edges', () => {
  test.each([0, -1])('at least %d is certain', (k) => {
    expect([binomialTail(k, 5, 0.1), poissonTail(k, 0), betaBinomialTail(k, 5, 1, 1)]).toEqual([1, 1, 1]);
    expect(negativeBinomialTail(k, 0, 1)).toBe(1);
  });

  test('more than there are trials, or anything of nothing, is impossible', () => {
    expect([binomialTail(6, 5, 0.9), betaBinomialTail(6, 5, 9, 1)]).toEqual([0, 0]);
    expect([poissonTail(1, 0), negativeBinomialTail(1, 0, 0.5)]).toEqual([0, 0]);
  });

  test('very small tails do not vanish', () => {
    expect(poissonTail(200, 6)).toBeGreaterThan(0);
    expect(negativeBinomialTail(500, 6, 0.05)).toBeGreaterThan(0);
  });
});

/** Sum of a distribution's mass from its tails. */
const massOf = (tail: (k: number) => number, k: number) => tail(k) - tail(k + 1);

test('a beta-binomial with a firm prior is binomial, and sums to one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 200 }), (trials, k) => {
      expect(betaBinomialTail(k, trials, 2e7, 8e7)).toBeCloseTo(binomialTail(k, trials, 0.2), 5);
      const mass = (at: number) => massOf((from) => betaBinomialTail(from, trials, 2, 5), at);
      const sum = Array.from({ length: trials + 1 }, (_, at) => mass(at)).reduce((total, one) => total + one, 0);
      expect(sum).toBeCloseTo(1, 9);
    }),
  );
});

test('tails fall as k grows, and more dispersion means a heavier tail', () => {
  const count = fc.integer({ min: 1, max: 60 });
  fc.assert(
    fc.property(count, fc.double({ min: 0.1, max: 30, noNaN: true }), (k, mean) => {
      expect(negativeBinomialTail(k + 1, mean, 0.4)).toBeLessThanOrEqual(negativeBinomialTail(k, mean, 0.4));
      if (k > 3 * mean + 3) {
        expect(negativeBinomialTail(k, mean, 0.4)).toBeGreaterThan(poissonTail(k, mean));
      }
      expect(negativeBinomialTail(k, mean, 1e-9)).toBeCloseTo(poissonTail(k, mean), 6);
    }),
  );
});

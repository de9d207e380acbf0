import { describe, expect, test } from 'vitest';
import { adjustedPValues } from '../../../src/insight/benjamini-hochberg.ts';
import { fitBetaPrior, shrunkShare } from '../../../src/insight/beta-prior.ts';
import { differencePValue, shareDifferencePValue } from '../../../src/insight/difference.ts';
import { cumulativeRisk } from '../../../src/insight/hazard.ts';
import { netPromoterScore, recommendationOf } from '../../../src/insight/nps.ts';

test('p-values are adjusted in any order, and never beyond 1', () => {
  // R 4.3: p.adjust(c(.01, .04, .03, .005), "BH")
  expect(adjustedPValues([0.01, 0.04, 0.03, 0.005])).toEqual([0.02, 0.04, 0.04, 0.02]);
  expect(adjustedPValues([0.9, 1])).toEqual([1, 1]);
  expect(adjustedPValues([])).toEqual([]);
});

describe('net promoter score', () => {
  test('with its error and interval', () => {
    const score = netPromoterScore({ promoters: 45, passives: 35, detractors: 20 });
    expect(score?.score).toBeCloseTo(25, 10);
    expect(score?.standardError).toBeCloseTo(7.6649, 4);
    expect(score?.interval[0]).toBeCloseTo(9.98, 2);
    expect(score?.interval[1]).toBeCloseTo(40.02, 2);
  });

  test('nobody asked is no score', () => {
    expect(netPromoterScore({ promoters: 0, passives: 0, detractors: 0 })).toBeUndefined();
  });

  test.each([
    [0, 'detractors'],
    [6, 'detractors'],
    [7, 'passives'],
    [8, 'passives'],
    [9, 'promoters'],
    [10, 'promoters'],
  ])('%d counts among the %s', (answer, group) => expect(recommendationOf(answer)).toBe(group));
});

describe('shares of small groups', () => {
  test('are drawn to the prior', () => {
    expect(shrunkShare({ successes: 3, trials: 4 }, { alpha: 20, beta: 80 })).toBeCloseTo(0.22115, 5);
  });

  test('alike groups make a firm prior, unlike ones a weak one', () => {
    const groups = (shares: readonly number[]) => shares.map((share) => ({ successes: share * 100, trials: 100 }));
    const alike = fitBetaPrior(groups([0.2, 0.21, 0.19, 0.2]));
    const unlike = fitBetaPrior(groups([0.05, 0.5, 0.9, 0.2]));
    expect(alike.alpha / (alike.alpha + alike.beta)).toBeCloseTo(0.2, 2);
    expect(alike.alpha + alike.beta).toBe(1000);
    expect(unlike.alpha + unlike.beta).toBeLessThan(5);
  });

  test('groups without trials and a single group leave a weak prior', () => {
    const prior = fitBetaPrior([
      { successes: 0, trials: 0 },
      { successes: 5, trials: 10 },
    ]);
    expect(prior.alpha + prior.beta).toBeCloseTo(2, 10);
    expect(prior.alpha).toBeCloseTo(1, 10);
  });
});

describe('differences', () => {
  test('of shares', () => {
    // R 4.3: prop.test(c(30, 45), c(100, 100), correct = FALSE)$p.value
    expect(shareDifferencePValue({ successes: 30, trials: 100 }, { successes: 45, trials: 100 })).toBeCloseTo(
      0.02845974,
      7,
    );
    expect(shareDifferencePValue({ successes: 1, trials: 1 }, { successes: 0, trials: 0 })).toBe(1);
    expect(shareDifferencePValue({ successes: 5, trials: 5 }, { successes: 7, trials: 7 })).toBe(1);
  });

  test('of estimates', () => {
    const error = Math.SQRT1_2;
    expect(differencePValue({ value: 0, standardError: error }, { value: 1.959964, standardError: error })).toBeCloseTo(
      0.05,
      6,
    );
    expect(differencePValue({ value: 1, standardError: 0 }, { value: 1, standardError: 0 })).toBe(1);
    expect(differencePValue({ value: 1, standardError: 0 }, { value: 2, standardError: 0 })).toBe(0);
  });
});

test('hazards add up to a risk', () => {
  expect(cumulativeRisk([0.01507, 0.03557, 0.22794])).toBeCloseTo(0.26662, 5);
  expect(cumulativeRisk([])).toBe(0);
});

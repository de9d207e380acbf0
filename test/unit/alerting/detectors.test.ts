import { describe, expect, test } from 'vitest';
import { type Baseline, hourMs, hourOfWeek, learnBaseline } from '../../../src/alerting/baseline.ts';
import { driftChart } from '../../../src/alerting/drift-detector.ts';
import { detectSpikes, expectedBetween, sensitivities } from '../../../src/alerting/spike-detector.ts';
import { poissonNumber, seededRandom } from '../../../src/insight/seeded-random.ts';

const zone = 9 * hourMs;
const hourOf = (at: number) => hourOfWeek(at, zone);
const monday = Date.UTC(2026, 10, 15, 15);

/** Four weeks with three times as much by day as by night. */
function history(weeks: number, perHour: number) {
  const random = seededRandom(3);
  return Array.from({ length: weeks * 168 }, (_, hour) => {
    const at = monday - (weeks * 168 - hour) * hourMs;
    const mean = perHour * (hourOf(at) % 24 >= 8 ? 1.3 : 0.4);
    const negative = poissonNumber(mean, random);
    return { at, negative, total: negative + poissonNumber(4 * mean, random) };
  });
}

test('hours of the week begin on Sunday at midnight, where the company is', () => {
  expect(hourOf(monday)).toBe(24);
  expect(hourOf(monday - 1)).toBe(23);
  expect(hourOf(monday - 24 * hourMs)).toBe(0);
  expect(hourOfWeek(-1, 0)).toBe(4 * 24 - 1);
});

describe('a baseline', () => {
  test('knows day from night', () => {
    const { expected } = learnBaseline(history(4, 5), hourOf);
    const mean = (from: number, to: number) => {
      const hours = [...expected].filter((_, hour) => hour % 24 >= from && hour % 24 < to);
      return hours.reduce((sum, one) => sum + one, 0) / hours.length;
    };
    expect(mean(8, 24)).toBeCloseTo(6.5, 0);
    expect(mean(0, 8)).toBeCloseTo(2, 0);
  });

  test('of a few days is a level', () => {
    const { expected, hours } = learnBaseline(history(1, 5), hourOf);
    expect(new Set(expected).size).toBe(1);
    expect(hours).toBe(168);
  });

  test('of nothing doubts itself', () => {
    const { expected, dispersion, share } = learnBaseline([], hourOf);
    expect(expected[0]).toBe(0.5);
    expect(dispersion).toBeGreaterThan(1);
    expect(share.alpha + share.beta).toBe(2);
  });
});

describe('a window', () => {
  const baseline = learnBaseline(history(4, 2), hourOf);
  const at = (negative: number, total: number) => ({ negative, total, expected: 2, baseline });
  const quiet = Array.from({ length: 50 }, () => at(2, 10));
  const verdictOf = (negative: number, total: number, sensitivity: keyof typeof sensitivities = 'quiet') =>
    detectSpikes([at(negative, total), ...quiet], sensitivities[sensitivity])[0];

  test('with many more negatives than usual is a spike', () => {
    expect(verdictOf(14, 22)).toMatchObject({ spike: true });
    expect(verdictOf(3, 11)).toMatchObject({ spike: false, p: 1 });
  });

  test('is a spike by share alone when traffic is low, and by volume alone when all of it rises', () => {
    expect(verdictOf(9, 9)?.shareP).toBeLessThan(1e-3);
    const risen = verdictOf(40, 200);
    expect(risen?.shareP).toBeGreaterThan(0.2);
    expect(risen).toMatchObject({ spike: true });
  });

  test('with fewer than five negatives is none, however unexpected', () => {
    const unheard = detectSpikes([{ ...at(4, 4), expected: 0.001 }], sensitivities.quiet);
    expect(unheard).toMatchObject([{ spike: false, p: 1 }]);
  });

  test('needs more to stand out where counts vary, unless every change is wanted', () => {
    const wild: Baseline = { ...baseline, dispersion: 1 };
    const verdicts = (sensitivity: keyof typeof sensitivities) =>
      detectSpikes([{ negative: 10, total: 50, expected: 2.5, baseline: wild }, ...quiet], sensitivities[sensitivity]);
    expect(verdicts('quiet')[0]?.spike).toBe(false);
    expect(verdicts('sensitive')[0]?.spike).toBe(true);
  });

  test('that crosses hours expects part of each', () => {
    const expected = new Float64Array(168).fill(1);
    expected[hourOf(monday)] = 7;
    expect(expectedBetween({ expected }, monday - hourMs / 2, monday + hourMs / 2, hourOf)).toBeCloseTo(4, 10);
    expect(expectedBetween({ expected }, monday, monday + hourMs / 6, hourOf)).toBeCloseTo(7 / 6, 10);
  });
});

test('a slow drift is found at its fifth step', () => {
  // NIST's formulas: z = .2 x + .8 z, limit = p + 3 √(p(1 − p)/n · .2/1.8 · (1 − .8^2t))
  const chart = driftChart(
    0.2,
    [0.2, 0.22, 0.3, 0.34, 0.36].map((share) => ({ share, size: 50 })),
  );
  expect(chart.map(({ alarm }) => alarm)).toEqual([false, false, false, false, true]);
  expect(chart[4]?.mean).toBeCloseTo(0.26925, 5);
  expect(chart[4]?.limit).toBeCloseTo(0.25345, 5);
  expect(driftChart(0.2, [{ share: 0, size: 0 }])).toEqual([]);
});

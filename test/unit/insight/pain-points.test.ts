import { expect, test } from 'vitest';
import { rankPainPoints } from '../../../src/insight/pain-points.ts';
import type { TopicCount } from '../../../src/insight/topic-counts.ts';
import { wilsonInterval } from '../../../src/insight/wilson.ts';

const count = (topic: TopicCount['topic'], total: number, negative: number): TopicCount => ({
  topic,
  count: total,
  negative,
  positive: total - negative,
  mixed: 0,
  sentimentSum: total - 2 * negative,
});

// Expected values: R 4.3, prop.test(x, n, correct = FALSE)$conf.int
test.each([
  [15, 50, 0.19103, 0.43751],
  [0, 10, 0, 0.27753],
  [10, 10, 0.72247, 1],
  [1, 1, 0.20654, 1],
])('Wilson interval of %i in %i', (successes, total, low, high) => {
  const [actualLow, actualHigh] = wilsonInterval(successes, total);
  expect(actualLow).toBeCloseTo(low, 4);
  expect(actualHigh).toBeCloseTo(high, 4);
});

test('nothing observed leaves everything possible', () => {
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});

test('topics rank by negatives, then by the surer share; praise alone is no pain', () => {
  const ranked = rankPainPoints(
    [count('price', 100, 8), count('delivery', 10, 8), count('taste', 50, 0), count('waiting', 20, 12)],
    [count('delivery', 9, 2)],
  );
  expect(ranked.map(({ topic }) => topic)).toEqual(['waiting', 'delivery', 'price']);
  expect(ranked[1]).toMatchObject({ negativeShare: 0.8, previousNegative: 2, sentiment: -0.6 });
  expect(ranked[0]?.previousNegative).toBe(0);
});

import { expect, test } from 'vitest';
import { wilsonInterval } from '../../../src/insight/wilson.ts';

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

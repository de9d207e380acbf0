import { expect, test } from 'vitest';
import { clockSkewMs } from '../../../src/cli/clock-skew.ts';

test.each([
  ['within the round trip', 1000, 1040, 1100, 0],
  ['at its ends', 1000, 1000, 1000, 0],
  ['ahead', 1000, 9100, 1100, 8000],
  ['behind', 1000, 200, 1100, -800],
])('a clock %s', (_, before, theirs, after, skew) => {
  expect(clockSkewMs(before, theirs, after)).toBe(skew);
});

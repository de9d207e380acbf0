import { expect, test } from 'vitest';
import { diceFor } from '../../../src/world/dice.ts';

test('dice are the same for the same seed and name, and others otherwise', () => {
  const throws = (seed: number, name: string) => {
    const dice = diceFor(seed, name);
    return Array.from({ length: 5 }, () => dice.whole(1, 1000));
  };
  expect(throws(1, 'outage')).toEqual(throws(1, 'outage'));
  expect(throws(1, 'outage')).not.toEqual(throws(2, 'outage'));
  expect(throws(1, 'outage')).not.toEqual(throws(1, 'bottle'));
});

test('choices go by their weights and stay in their bounds', () => {
  const dice = diceFor(7, 'test');
  const counts = { a: 0, b: 0, never: 0 };
  for (let draw = 0; draw < 4000; draw++) {
    counts[dice.weighted([['a', 3] as const, ['b', 1] as const, ['never', 0] as const])]++;
  }
  const wholes = Array.from({ length: 200 }, () => dice.whole(2, 4));
  expect(new Set(wholes)).toEqual(new Set([2, 3, 4]));
  expect(counts.never).toBe(0);
  expect(counts.a / 4000).toBeCloseTo(0.75, 1);
  expect(() => dice.pick([])).toThrow(RangeError);
});

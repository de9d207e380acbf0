import { expect, test } from 'vitest';
import { termShifts } from '../../../src/insight/log-odds.ts';

const shiftOf = (term: string, current: Record<string, number>, baseline: Record<string, number>) => {
  const shift = termShifts(new Map(Object.entries(current)), new Map(Object.entries(baseline))).find(
    (one) => one.term === term,
  );
  if (shift === undefined) throw new Error(`${term} is missing`);
  return shift;
};

test('a term as frequent as before has not shifted', () => {
  expect(shiftOf('a', { a: 10, b: 90 }, { a: 100, b: 900 }).logOdds).toBeCloseTo(0, 1);
});

test('a new term needs a dozen occurrences to stand out, one is not enough', () => {
  expect(shiftOf('new', { new: 12, b: 500 }, { b: 5000 }).z).toBeGreaterThan(3);
  expect(shiftOf('new', { new: 1, b: 500 }, { b: 5000 }).z).toBeLessThan(1.96);
});

test('what has gone shifts down as much as what has come shifts up', () => {
  const up = shiftOf('a', { a: 30, b: 70 }, { a: 5, b: 95 });
  const down = shiftOf('a', { a: 5, b: 95 }, { a: 30, b: 70 });
  expect(down.z).toBeCloseTo(-up.z, 10);
  expect(up).toMatchObject({ count: 30, baselineCount: 5 });
});

test('a term that is alone cannot shift, and nothing has no terms', () => {
  expect(shiftOf('a', { a: 10 }, { a: 1 }).z).toBe(0);
  expect(termShifts(new Map(), new Map())).toEqual([]);
});

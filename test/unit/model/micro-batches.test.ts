import fc from 'fast-check';
import { expect, test } from 'vitest';
import { microBatches } from '../../../src/model/micro-batches.ts';

const lengthsAndLimits = [fc.array(fc.integer({ min: 1, max: 128 })), fc.integer({ min: 1, max: 20 })] as const;

test('every item is in one group, lengths never go down, no group is larger than allowed', () => {
  fc.assert(
    fc.property(...lengthsAndLimits, fc.integer({ min: 1, max: 500 }), (lengths, rows, tokens) => {
      const items = lengths.map((length, index) => ({ index, length }));
      const groups = microBatches(items, ({ length }) => length, { rows, tokens });
      const flat = groups.flat();
      expect(flat.map(({ index }) => index).sort((a, b) => a - b)).toEqual(items.map(({ index }) => index));
      expect(flat.map(({ length }) => length)).toEqual(lengths.toSorted((a, b) => a - b));
      for (const group of groups) {
        expect(group.length).toBeGreaterThan(0);
        expect(group.length).toBeLessThanOrEqual(rows);
        const padded = group.length * Math.max(...group.map(({ length }) => length));
        expect(padded <= tokens || group.length === 1).toBe(true);
      }
    }),
  );
});

test('a group is closed only when the next item would make it too large', () => {
  fc.assert(
    fc.property(...lengthsAndLimits, fc.integer({ min: 1, max: 500 }), (lengths, rows, tokens) => {
      const groups = microBatches(lengths, (length) => length, { rows, tokens });
      for (const [index, group] of groups.entries()) {
        const next = groups[index + 1]?.[0];
        if (next === undefined) continue;
        expect(group.length === rows || (group.length + 1) * next > tokens).toBe(true);
      }
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { microBatches } from '../../../src/model/micro-batches.ts';

test('every item is in one group, groups are full but the last, lengths never go down', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(128)), fc.integer({ min: 1, max: 20 }), (lengths, size) => {
      const items = lengths.map((length, index) => ({ index, length }));
      const groups = microBatches(items, ({ length }) => length, size);
      const flat = groups.flat();
      expect(flat.map(({ index }) => index).sort((a, b) => a - b)).toEqual(items.map(({ index }) => index));
      expect(flat.map(({ length }) => length)).toEqual(lengths.toSorted((a, b) => a - b));
      expect(groups.slice(0, -1).every((group) => group.length === size)).toBe(true);
      expect(groups.every((group) => group.length > 0)).toBe(true);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitWork } from '../../../src/model/work-split.ts';

test('every text is in one part, at its own place', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ text: fc.string() })), fc.integer({ min: 1, max: 8 }), (texts, processes) => {
      const parts = splitWork(texts, processes);
      const inOrder = parts.flat().sort((a, b) => a.index - b.index);
      expect(inOrder).toEqual(texts.map((asked, index) => ({ index, asked })));
      expect(parts.every((part) => part.length > 0)).toBe(true);
    }),
  );
});

test('parts occupy every process and are about equal in characters', () => {
  const texts = Array.from({ length: 256 }, (_, index) => ({ text: 'x'.repeat(1 + ((index * 7919) % 150)) }));
  const parts = splitWork(texts, 3);
  const sizes = parts.map((part) => part.reduce((sum, { asked }) => sum + asked.text.length, 0));
  expect(parts.length % 3).toBe(0);
  expect(Math.max(...sizes) / Math.min(...sizes)).toBeLessThan(1.1);
});

test('long texts make more parts', () => {
  expect(splitWork(new Array(8).fill({ text: 'x'.repeat(20_000) }), 2)).toHaveLength(8);
  expect(splitWork(new Array(8).fill({ text: 'x' }), 2)).toHaveLength(2);
  expect(splitWork([{ text: 'x' }], 4)).toHaveLength(1);
  expect(splitWork([], 4)).toEqual([]);
});

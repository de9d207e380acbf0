import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunksOf } from '../../../src/kafka/chunks.ts';

const size = (item: number) => item;

test('a chunk holds at most the given number of messages', () => {
  expect([...chunksOf([1, 1, 1, 1, 1], { messages: 2, bytes: 100 }, size)]).toEqual([[1, 1], [1, 1], [1]]);
});

test('a chunk holds at most the given number of bytes', () => {
  expect([...chunksOf([40, 40, 40, 40], { messages: 10, bytes: 100 }, size)]).toEqual([
    [40, 40],
    [40, 40],
  ]);
});

test('an item above the byte limit comes alone', () => {
  expect([...chunksOf([10, 500, 10], { messages: 10, bytes: 100 }, size)]).toEqual([[10], [500], [10]]);
});

test('nothing in, nothing out', () => {
  expect([...chunksOf([], { messages: 10, bytes: 100 }, size)]).toEqual([]);
});

test('every item comes once, in order, within the limits', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(200)),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 300 }),
      (items, messages, bytes) => {
        const chunks = [...chunksOf(items, { messages, bytes }, size)];
        expect(chunks.flat()).toEqual(items);
        for (const chunk of chunks) {
          expect(chunk.length).toBeGreaterThan(0);
          expect(chunk.length).toBeLessThanOrEqual(messages);
          if (chunk.length > 1) expect(chunk.reduce((sum, item) => sum + item, 0)).toBeLessThanOrEqual(bytes);
        }
      },
    ),
  );
});

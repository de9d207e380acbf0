import { expect, test } from 'vitest';
import { firstFetchBytes, nextFetchBytes, unpackedBudget } from '../../../src/kafka/fetch-window.ts';

const max = 1024 * 1024;

/** Sizes of a row of fetches from an endless backlog of which a packed byte holds this many messages and bytes. */
function backlog(messagesPerByte: number, bytesPerByte: number, fetches: number): number[] {
  const sizes = [firstFetchBytes(max)];
  while (sizes.length < fetches) {
    const size = sizes.at(-1) ?? 0;
    sizes.push(nextFetchBytes(size, { messages: size * messagesPerByte, bytes: size * bytesPerByte }, max));
  }
  return sizes;
}

test('an ordinary backlog opens the window to its maximum', () => {
  expect(backlog(1 / 500, 1, 8).at(-1)).toBe(max);
  expect(backlog(1 / 100, 10, 8).at(-1)).toBe(max);
});

test('a backlog of tiny or highly packed messages keeps each fetch near the budget', () => {
  const tiny = backlog(1 / 4, 8, 20);
  expect(tiny.at(-1)).toBeGreaterThan(max / 32);
  for (const size of tiny.slice(1)) expect(size / 4).toBeLessThanOrEqual(unpackedBudget.messages);
  const packed = backlog(1 / 1_000, 400, 20);
  for (const size of packed.slice(1)) expect(size * 400).toBeLessThanOrEqual(unpackedBudget.bytes);
});

test('a trickle brings the window back to where it began', () => {
  let size = max;
  for (let fetch = 0; fetch < 10; fetch += 1) size = nextFetchBytes(size, { messages: 3, bytes: 900 }, max);
  expect(size).toBe(firstFetchBytes(max));
});

test('a trickle after a tight backlog does not widen the window', () => {
  expect(nextFetchBytes(20_000, { messages: 0, bytes: 0 }, max)).toBe(20_000);
});

test('a small maximum is kept', () => {
  expect(firstFetchBytes(50_000)).toBe(50_000);
  expect(nextFetchBytes(50_000, { messages: 100, bytes: 50_000 }, 50_000)).toBe(50_000);
});

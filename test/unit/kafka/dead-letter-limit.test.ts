import { expect, test } from 'vitest';
import { DeadLetterWindow } from '../../../src/kafka/dead-letter-limit.ts';

test('takes as many as the limit and not one more', () => {
  const window = new DeadLetterWindow({ count: 10, windowMs: 1_000 });
  expect(window.admit(6, 0)).toBe(true);
  expect(window.admit(4, 1)).toBe(true);
  expect(window.admit(1, 2)).toBe(false);
});

test('what is refused does not count', () => {
  const window = new DeadLetterWindow({ count: 10, windowMs: 1_000 });
  expect(window.admit(11, 0)).toBe(false);
  expect(window.admit(10, 1)).toBe(true);
});

test('the window slides', () => {
  const window = new DeadLetterWindow({ count: 10, windowMs: 1_000 });
  expect(window.admit(5, 0)).toBe(true);
  expect(window.admit(5, 600)).toBe(true);
  expect(window.admit(5, 999)).toBe(false);
  expect(window.admit(5, 1_000)).toBe(true);
  expect(window.admit(1, 1_599)).toBe(false);
  expect(window.admit(5, 1_600)).toBe(true);
});

test('a limit of none refuses the first', () => {
  expect(new DeadLetterWindow({ count: 0, windowMs: 1_000 }).admit(1, 0)).toBe(false);
});

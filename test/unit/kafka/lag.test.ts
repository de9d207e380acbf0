import { expect, test } from 'vitest';
import { waiting } from '../../../src/kafka/lag.ts';

test('is what lies between the committed offset and the end', () => {
  expect(waiting('40', '0', '100')).toBe(60);
  expect(waiting('100', '0', '100')).toBe(0);
});

test('nothing committed means everything that is left', () => {
  expect(waiting('-1', '30', '100')).toBe(70);
});

test('a committed "earliest" means everything that is left', () => {
  expect(waiting('-2', '30', '100')).toBe(70);
});

test('messages that have expired are not waited for', () => {
  expect(waiting('10', '30', '100')).toBe(70);
});

test('a topic that was made anew is not ahead of itself', () => {
  expect(waiting('500', '0', '100')).toBe(0);
});

test('offsets beyond 2^53 are exact', () => {
  expect(waiting('9007199254740993', '0', '9007199254740995')).toBe(2);
});

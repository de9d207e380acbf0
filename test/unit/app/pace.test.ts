import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPace } from '../../../src/app/pace.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = new AbortController().signal;

test('each call waits for what was handled before', async () => {
  const pace = createPace(10, never);
  const done: string[] = [];
  const run = async () => {
    await pace(5);
    done.push('first');
    await pace(20);
    done.push('second');
    await pace(1);
    done.push('third');
  };
  const running = run();
  await vi.advanceTimersByTimeAsync(499);
  expect(done).toEqual(['first']);
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toEqual(['first', 'second']);
  await vi.advanceTimersByTimeAsync(1_999);
  expect(done).toEqual(['first', 'second']);
  await vi.advanceTimersByTimeAsync(1);
  await running;
});

test('slow work is not made up for with a burst', async () => {
  const pace = createPace(1, never);
  await pace(1);
  await vi.advanceTimersByTimeAsync(60_000);
  await pace(1);
  const next = vi.fn();
  void pace(1).then(next);
  await vi.advanceTimersByTimeAsync(999);
  expect(next).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(next).toHaveBeenCalled();
});

test('a stop is not waited out, and without a rate nothing is', async () => {
  const stopping = new AbortController();
  const pace = createPace(1, stopping.signal);
  await pace(3_600);
  const waiting = pace(1);
  stopping.abort();
  await waiting;
  const free = createPace(undefined, never);
  await free(1_000_000);
  await free(1);
  expect(vi.getTimerCount()).toBe(0);
});

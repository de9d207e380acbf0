import { describe, expect, test } from 'vitest';
import { DependencyError } from '../../../src/domain/dependency-error.ts';
import { backoffMs, isTransient, Outage, OutageError } from '../../../src/kafka/retry.ts';

const policy = { initialMs: 100, maxMs: 2_000, giveUpMs: 10_000 };
const away = new DependencyError('mongodb', 'transient', 'no primary');

describe('backoff', () => {
  test('doubles up to the maximum', () => {
    const waits = [0, 1, 2, 3, 4, 5, 60, 5_000].map((attempt) => backoffMs(attempt, policy, () => 1));
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000]);
  });

  test('is jittered over its whole range', () => {
    expect(backoffMs(3, policy, () => 0)).toBe(0);
    expect(backoffMs(3, policy, () => 0.5)).toBe(400);
  });
});

describe('an outage', () => {
  test('is given up at its full age, not before', () => {
    let now = 5_000;
    const outage = new Outage(
      policy,
      () => now,
      () => 0.999,
    );
    let attempts = 0;
    expect(() => {
      for (;;) {
        const failed = outage.failed(away);
        attempts += 1;
        expect(failed.attempts).toBe(attempts);
        expect(now - 5_000 + failed.delayMs).toBeLessThanOrEqual(policy.giveUpMs);
        now += failed.delayMs;
      }
    }).toThrow(OutageError);
    expect(now).toBe(5_000 + policy.giveUpMs);
  });

  test('names the dependency and keeps the cause', () => {
    let now = 0;
    const outage = new Outage(
      policy,
      () => now,
      () => 1,
    );
    outage.failed(away);
    now = policy.giveUpMs;
    expect(() => outage.failed(away)).toThrow(
      expect.objectContaining({ cause: away, message: expect.stringContaining('mongodb has been away for 10 s') }),
    );
  });

  test('does not grow while nobody attempts anything', () => {
    let now = 0;
    const outage = new Outage(
      policy,
      () => now,
      () => 1,
    );
    outage.failed(away);
    now = 1_000;
    outage.failed(away);
    now = policy.giveUpMs * 3;
    outage.resumed();
    expect(outage.failed(away).attempts).toBe(3);
    now += policy.giveUpMs - 1_000;
    expect(() => outage.failed(away)).toThrow(OutageError);
  });

  test('begins anew after the dependency answered', () => {
    let now = 0;
    const outage = new Outage(
      policy,
      () => now,
      () => 1,
    );
    outage.failed(away);
    now = policy.giveUpMs - 1;
    outage.over();
    now = policy.giveUpMs * 2;
    expect(outage.failed(away)).toEqual({ delayMs: 100, attempts: 1 });
  });
});

test('only a dependency that may come back is worth another attempt', () => {
  expect(isTransient(away)).toBe(true);
  expect(isTransient(new DependencyError('mongodb', 'permanent', 'no'))).toBe(false);
  expect(isTransient(new Error('transient'))).toBe(false);
});

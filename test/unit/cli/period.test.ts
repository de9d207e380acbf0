import { expect, test } from 'vitest';
import { UsageError } from '../../../src/app/exit-code.ts';
import { parseTime } from '../../../src/cli/period.ts';

const now = Date.parse('2026-11-22T12:00:00Z');

test.each([
  ['90m', '2026-11-22T10:30:00.000Z'],
  ['24h', '2026-11-21T12:00:00.000Z'],
  ['7d', '2026-11-15T12:00:00.000Z'],
  ['2w', '2026-11-08T12:00:00.000Z'],
  ['2026-01-31', '2026-01-30T15:00:00.000Z'],
  ['2026-01-31T09:00:00+09:00', '2026-01-31T00:00:00.000Z'],
])('%s', (text, expected) => {
  expect(parseTime(text, now).toISOString()).toBe(expected);
});

test.each(['', 'yesterday', '7', '7y', '-7d', '2026-13-01', '2026-02-30', '2026-02-30T10:00:00Z', '01/02/2026'])(
  '%j is refused',
  (text) => {
    expect(() => parseTime(text, now)).toThrow(UsageError);
  },
);

test('a date begins in Japan unless another zone is told', () => {
  expect(parseTime('2026-01-31', now, { zone: 'UTC' }).toISOString()).toBe('2026-01-31T00:00:00.000Z');
  expect(parseTime('2026-07-01', now, { zone: 'America/New_York' }).toISOString()).toBe('2026-07-01T04:00:00.000Z');
  expect(() => parseTime('2026-01-31', now, { zone: 'Tokyo' })).toThrow('--tz: "Tokyo" is not a time zone');
});

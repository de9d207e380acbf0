import { describe, expect, test } from 'vitest';
import { isTimeZone, parseInstant, zoneOffset } from '../../../src/domain/instant.ts';

const now = Date.UTC(2026, 10, 20, 3);
const read = (text: string, timeZone = 'Asia/Tokyo') => parseInstant(text, { now, timeZone })?.toISOString();

test.each([
  ['90m', '2026-11-20T01:30:00.000Z'],
  ['2w', '2026-11-06T03:00:00.000Z'],
  ['2026-11-20', '2026-11-19T15:00:00.000Z'],
  ['2026-11-20T10:00:00+09:00', '2026-11-20T01:00:00.000Z'],
  ['2026-11-20T10:00Z', '2026-11-20T10:00:00.000Z'],
])('%s is read', (text, expected) => expect(read(text)).toBe(expected));

test.each([
  '',
  '7',
  '7y',
  '2026-02-30',
  '2026-13-01',
  '2026-11-20T10:00:00',
  '20.11.2026',
  'yesterday',
  '2026-11-20T25:00Z',
])('"%s" is refused', (text) => expect(read(text)).toBeUndefined());

describe('days begin at midnight where the company is', () => {
  test.each([
    ['UTC', '2026-11-20T00:00:00.000Z'],
    ['Asia/Kolkata', '2026-11-19T18:30:00.000Z'],
    ['America/New_York', '2026-11-20T05:00:00.000Z'],
  ])('%s', (zone, expected) => expect(read('2026-11-20', zone)).toBe(expected));

  test('on days on which clocks change too', () => {
    expect(read('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z');
    expect(read('2026-03-30', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z');
  });
});

test('zones are known by their names', () => {
  expect([isTimeZone('Asia/Tokyo'), isTimeZone('Mars/Base')]).toEqual([true, false]);
  expect(zoneOffset(now, 'Asia/Tokyo')).toBe(9 * 3_600_000);
});

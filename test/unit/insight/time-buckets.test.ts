import { describe, expect, test } from 'vitest';
import {
  type BucketOptions,
  bucketAt,
  bucketUnits,
  mostBuckets,
  timeBuckets,
} from '../../../src/insight/time-buckets.ts';

const tokyo: BucketOptions = { unit: 'day', timeZone: 'Asia/Tokyo', weekStart: 'monday' };
const starts = (since: string, until: string, options: Partial<BucketOptions> = {}) =>
  (timeBuckets(Date.parse(since), Date.parse(until), { ...tokyo, ...options }) ?? []).map(({ since: start }) =>
    new Date(start).toISOString(),
  );

describe('buckets', () => {
  test('days begin at midnight of the zone', () => {
    expect(starts('2026-11-20T10:00:00Z', '2026-11-22T15:00:00Z')).toEqual([
      '2026-11-19T15:00:00.000Z',
      '2026-11-20T15:00:00.000Z',
      '2026-11-21T15:00:00.000Z',
    ]);
  });

  test('weeks begin on the day asked for', () => {
    // The 22nd of November 2026 is a Sunday.
    const day = ['2026-11-22T03:00:00Z', '2026-11-22T04:00:00Z'] as const;
    expect(starts(...day, { unit: 'week' })).toEqual(['2026-11-15T15:00:00.000Z']);
    expect(starts(...day, { unit: 'week', weekStart: 'sunday' })).toEqual(['2026-11-21T15:00:00.000Z']);
    expect(starts(...day, { unit: 'week', weekStart: 'saturday' })).toEqual(['2026-11-20T15:00:00.000Z']);
  });

  test('months have their own lengths, leap years and new years too', () => {
    expect(starts('2027-12-31T15:30:00Z', '2028-03-31T00:00:00Z', { unit: 'month' })).toEqual([
      '2027-12-31T15:00:00.000Z',
      '2028-01-31T15:00:00.000Z',
      '2028-02-29T15:00:00.000Z',
    ]);
  });

  test('days are 23 and 25 hours long where clocks are changed, and hours go on', () => {
    const berlin = { timeZone: 'Europe/Berlin' };
    expect(starts('2026-03-29T00:00:00Z', '2026-03-30T00:00:00Z', berlin)).toEqual([
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
    expect(starts('2026-10-25T12:00:00Z', '2026-10-26T00:00:00Z', berlin)).toEqual([
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ]);
    expect(starts('2026-10-25T00:00:00Z', '2026-10-25T03:00:00Z', { ...berlin, unit: 'hour' })).toHaveLength(3);
  });

  test('hours begin where the clocks of the zone show full ones', () => {
    expect(starts('2026-11-20T10:00:00Z', '2026-11-20T11:00:00Z', { unit: 'hour', timeZone: 'Asia/Kolkata' })).toEqual([
      '2026-11-20T09:30:00.000Z',
      '2026-11-20T10:30:00.000Z',
    ]);
  });

  test.each(bucketUnits)('by %s they have no gaps, cover the period, and each time falls in one', (unit) => {
    const [since, until] = [Date.parse('2026-10-02T01:23:45Z'), Date.parse('2026-11-08T12:34:56Z')];
    for (const timeZone of ['UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu']) {
      const buckets = timeBuckets(since, until, { ...tokyo, unit, timeZone }) ?? [];
      expect(buckets.length).toBeGreaterThan(1);
      expect(buckets[0]?.since).toBeLessThanOrEqual(since);
      expect(buckets.at(-1)?.until).toBeGreaterThanOrEqual(until);
      buckets.forEach((bucket, at) => {
        if (at > 0) expect(bucket.since).toBe(buckets[at - 1]?.until);
        expect([bucketAt(buckets, bucket.since), bucketAt(buckets, bucket.until - 1)]).toEqual([at, at]);
      });
      expect([bucketAt(buckets, (buckets[0]?.since ?? 0) - 1), bucketAt(buckets, buckets.at(-1)?.until ?? 0)]).toEqual([
        -1, -1,
      ]);
    }
  });

  test('there is a most', () => {
    const until = (hours: number) => timeBuckets(0, hours * 3_600_000, { ...tokyo, unit: 'hour' });
    expect(until(mostBuckets)).toHaveLength(mostBuckets);
    expect(until(mostBuckets + 1)).toBeUndefined();
    expect(timeBuckets(Date.parse('0000-01-01'), 0, { ...tokyo, unit: 'month' })).toBeUndefined();
  });
});

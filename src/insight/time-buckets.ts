import { offsetsOf, whenClocksShow } from '../domain/instant.ts';

/** Lengths of buckets. */
export const bucketUnits = ['hour', 'day', 'week', 'month'] as const;
export type BucketUnit = (typeof bucketUnits)[number];

/** Days that a week may begin with. */
export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
export type Weekday = (typeof weekdays)[number];

/** A part of a period, `since` included, `until` excluded; in milliseconds since 1970. */
export interface TimeBucket {
  readonly since: number;
  readonly until: number;
}

/** How a period is divided. */
export interface BucketOptions {
  readonly unit: BucketUnit;
  /** IANA name of the zone in which days begin. */
  readonly timeZone: string;
  readonly weekStart: Weekday;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Buckets that a period is divided into at most: as many as a chart can show. */
export const mostBuckets = 1_000;

/**
 * Whole hours, days, weeks or months of a zone that cover a period, in order and without gaps: the first and the last
 * one may reach beyond it. Days take 23 to 25 hours where clocks are changed.
 *
 * @param since start of the period in milliseconds since 1970
 * @param until its end
 * @returns undefined when there would be more than {@link mostBuckets}
 */
export function timeBuckets(since: number, until: number, options: BucketOptions): TimeBucket[] | undefined {
  const offsetAt = offsetsOf(options.timeZone);
  const offset = offsetAt(since);
  const starts = startsOf(options);
  // Hours go on while clocks are changed.
  const when = (local: number) => (options.unit === 'hour' ? local - offset : whenClocksShow(local, offsetAt));
  const buckets: TimeBucket[] = [];
  let local = starts.at(since + offset);
  for (let start = when(local); start < until; start = when(local)) {
    if (buckets.length === mostBuckets) return undefined;
    local = starts.after(local);
    buckets.push({ since: start, until: when(local) });
  }
  return buckets;
}

/** The place of the bucket that a time falls in, or -1 outside of all of them. */
export function bucketAt(buckets: readonly TimeBucket[], time: number): number {
  let [low, high] = [0, buckets.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((buckets[middle]?.until ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return time >= (buckets[low]?.since ?? Number.POSITIVE_INFINITY) ? low : -1;
}

/** On a zone's clocks: the start of the bucket that a time falls in, and of the one after it. */
interface Starts {
  at(local: number): number;
  after(start: number): number;
}

function startsOf({ unit, weekStart }: BucketOptions): Starts {
  // Months differ in length; everything else is counted in milliseconds.
  if (unit === 'month') return { at: (local) => monthStart(local, 0), after: (start) => monthStart(start, 1) };
  const length = { hour: hourMs, day: dayMs, week: 7 * dayMs }[unit];
  // The 1st of January 1970 was a Thursday.
  const first = unit === 'week' ? (weekdays.indexOf(weekStart) - weekdays.indexOf('thursday')) * dayMs : 0;
  return {
    at: (local) => first + Math.floor((local - first) / length) * length,
    after: (start) => start + length,
  };
}

function monthStart(local: number, later: number): number {
  const date = new Date(local);
  date.setUTCHours(0, 0, 0, 0);
  return date.setUTCMonth(date.getUTCMonth() + later, 1);
}

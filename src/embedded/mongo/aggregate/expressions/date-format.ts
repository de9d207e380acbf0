import { MongoFault } from '../../errors.ts';
import { utcTime, type Zone, zoneOf } from './timezone.ts';

const day = 86_400_000;
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** The calendar of a local time, which is given as a date whose UTC fields are the local ones. */
export function dayOfYear(local: Date): number {
  return Math.floor((local.getTime() - utcTime(local.getUTCFullYear(), 1, 1)) / day) + 1;
}

/** Week of the year, 0 to 53, whose first Sunday begins week 1. */
export function weekOfYear(local: Date): number {
  return Math.floor((dayOfYear(local) - 1 - local.getUTCDay() + 7) / 7);
}

/** ISO 8601: the day of the week from Monday 1 to Sunday 7. */
export function isoDay(local: Date): number {
  return local.getUTCDay() === 0 ? 7 : local.getUTCDay();
}

/** ISO 8601: the year its week belongs to, and the week, 1 to 53. */
export function isoWeek(local: Date): { year: number; week: number } {
  const thursday = new Date(Math.floor(local.getTime() / day) * day + (4 - isoDay(local)) * day);
  return { year: thursday.getUTCFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function offsetText(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / 60_000));
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}${pad(minutes % 60, 2)}`;
}

const specifiers: Readonly<Record<string, (local: Date, offset: number) => string>> = {
  b: (local) => (months[local.getUTCMonth()] ?? '').slice(0, 3),
  B: (local) => months[local.getUTCMonth()] ?? '',
  d: (local) => pad(local.getUTCDate(), 2),
  G: (local) => pad(isoWeek(local).year, 4),
  H: (local) => pad(local.getUTCHours(), 2),
  j: (local) => pad(dayOfYear(local), 3),
  L: (local) => pad(local.getUTCMilliseconds(), 3),
  m: (local) => pad(local.getUTCMonth() + 1, 2),
  M: (local) => pad(local.getUTCMinutes(), 2),
  S: (local) => pad(local.getUTCSeconds(), 2),
  u: (local) => String(isoDay(local)),
  U: (local) => pad(weekOfYear(local), 2),
  V: (local) => pad(isoWeek(local).week, 2),
  w: (local) => String(local.getUTCDay() + 1),
  Y: (local) => pad(local.getUTCFullYear(), 4),
  z: (_, offset) => offsetText(offset),
  Z: (_, offset) => String(Math.trunc(offset / 60_000)),
  '%': () => '%',
};

/**
 * Writes a date by the specifiers of https://www.mongodb.com/docs/manual/reference/operator/aggregation/dateToString/;
 * the default is ISO 8601 with milliseconds, with `Z` when no timezone is given.
 */
export function dateText(date: Date, format: string | undefined, zone: Zone | undefined): string {
  const offset = (zone ?? zoneOf(undefined, new Map())).offset(date.getTime());
  const local = new Date(date.getTime() + offset);
  const pattern =
    format ?? (zone === undefined || zone.name === 'UTC' ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L');
  return pattern.replace(/%(.?)/gs, (_, letter: string) => {
    const write = Object.hasOwn(specifiers, letter) ? specifiers[letter] : undefined;
    if (write === undefined) throw new MongoFault(18536, `Invalid format character '%${letter}' in format string`);
    return write(local, offset);
  });
}

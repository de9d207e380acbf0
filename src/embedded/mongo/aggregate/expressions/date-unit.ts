import { instantOf, utcTime, type Zone } from './timezone.ts';

const fixed = { millisecond: 1, second: 1000, minute: 60_000, hour: 3_600_000 } as const;
const calendarMonths = { month: 1, quarter: 3, year: 12 } as const;
const day = 86_400_000;

/** A unit of `$dateTrunc`, `$dateAdd` and `$dateDiff`. */
export type Unit = keyof typeof fixed | 'day' | 'week' | keyof typeof calendarMonths;

/** The days of a week in the order of JavaScript's numbers. */
export const weekDays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** Bins are counted from the first moment of 2000 in the zone; that day is a Saturday. */
const reference = Date.UTC(2000, 0, 1);

/** True for the name of a unit. */
export function isUnit(name: string): name is Unit {
  return Object.hasOwn(fixed, name) || Object.hasOwn(calendarMonths, name) || name === 'day' || name === 'week';
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}

function monthsSince2000(local: number): number {
  const date = new Date(local);
  return (date.getUTCFullYear() - 2000) * 12 + date.getUTCMonth();
}

/** The first start of a week on or after the reference day. */
function firstWeek(weekStart: number): number {
  return reference + ((weekStart - 6 + 7) % 7) * day;
}

/** The start of the bin an instant is in, by the calendar of the zone. */
export function truncateDate(time: number, unit: Unit, bin: number, zone: Zone, weekStart: number): number {
  if (unit in fixed) {
    const start = instantOf(reference, zone);
    return start + floorTo(time - start, fixed[unit as keyof typeof fixed] * bin);
  }
  const local = time + zone.offset(time);
  if (unit === 'day') return instantOf(reference + floorTo(local - reference, day * bin), zone);
  if (unit === 'week') {
    const start = firstWeek(weekStart);
    return instantOf(start + floorTo(local - start, 7 * day * bin), zone);
  }
  const months = floorTo(monthsSince2000(local), calendarMonths[unit as keyof typeof calendarMonths] * bin);
  return instantOf(utcTime(2000, 1 + months, 1), zone);
}

/** An instant moved by units; a day of the month that does not exist becomes the month's last. */
export function addUnits(time: number, unit: Unit, amount: number, zone: Zone): number {
  if (unit in fixed) return time + amount * fixed[unit as keyof typeof fixed];
  const local = time + zone.offset(time);
  if (unit === 'day') return instantOf(local + amount * day, zone);
  if (unit === 'week') return instantOf(local + amount * 7 * day, zone);
  const date = new Date(local);
  const months = date.getUTCMonth() + 1 + amount * calendarMonths[unit as keyof typeof calendarMonths];
  const lastDay = new Date(utcTime(date.getUTCFullYear(), months + 1, 0)).getUTCDate();
  const start = utcTime(date.getUTCFullYear(), months, Math.min(date.getUTCDate(), lastDay));
  return instantOf(start + (local - floorTo(local, day)), zone);
}

/** How many starts of units lie between two instants. */
export function unitsBetween(from: number, to: number, unit: Unit, zone: Zone, weekStart: number): number {
  if (unit in fixed) {
    const step = fixed[unit as keyof typeof fixed];
    const shift = unit === 'hour' ? zone.offset(from) % step : 0;
    return Math.floor((to + shift) / step) - Math.floor((from + shift) / step);
  }
  const a = from + zone.offset(from);
  const b = to + zone.offset(to);
  if (unit === 'day') return Math.floor(b / day) - Math.floor(a / day);
  if (unit === 'week') {
    const start = firstWeek(weekStart);
    return Math.floor((b - start) / (7 * day)) - Math.floor((a - start) / (7 * day));
  }
  const step = calendarMonths[unit as keyof typeof calendarMonths];
  return Math.floor(monthsSince2000(b) / step) - Math.floor(monthsSince2000(a) / step);
}

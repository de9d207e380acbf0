import holidays from '@holiday-jp/holiday_jp';
import { hourMs, hourOfWeek } from './baseline.ts';

/** A time in which feedback is known to differ, as an operator writes it down. Times in milliseconds since 1970. */
export interface CalendarEntry {
  readonly kind: 'campaign' | 'maintenance';
  readonly from: number;
  readonly until: number;
  /** Topics it concerns; all when absent. */
  readonly topics?: readonly string[] | undefined;
  /** By how much a campaign multiplies what is usual. */
  readonly factor?: number | undefined;
}

/** The hour of the week of a time, Japanese public holidays counted as Sundays, in a zone ahead of UTC. */
export function businessHourOfWeek(at: number, zoneOffsetMs: number): number {
  const hour = hourOfWeek(at, zoneOffsetMs);
  const date = new Date(at + zoneOffsetMs).toISOString().slice(0, 10);
  return Object.hasOwn(holidays.holidays, date) ? hour % 24 : hour;
}

/** Japanese public holidays from one time to another, both days included: `2026-11-23`, 勤労感謝の日. */
export function holidaysBetween(
  from: number,
  until: number,
  zoneOffsetMs: number,
): { readonly date: string; readonly name: string }[] {
  const dateOf = (at: number) => new Date(at + zoneOffsetMs).toISOString().slice(0, 10);
  const [first, last] = [dateOf(from), dateOf(until)];
  return Object.entries(holidays.holidays)
    .filter(([date]) => date >= first && date <= last)
    .map(([date, { name }]) => ({ date, name }));
}

/** Start of the local day that a time falls in. */
export function startOfDay(at: number, zoneOffsetMs: number): number {
  const day = 24 * hourMs;
  return Math.floor((at + zoneOffsetMs) / day) * day - zoneOffsetMs;
}

/** By how much campaigns multiply what is usual for a topic at a time; 1 outside of them. */
export function campaignFactor(entries: readonly CalendarEntry[], topic: string, at: number): number {
  return entries
    .filter((entry) => entry.kind === 'campaign' && covers(entry, topic, at))
    .reduce((factor, entry) => factor * (entry.factor ?? 1), 1);
}

/** Whether a topic (or, without one, everything) is under maintenance at a time, so that nothing is alerted. */
export function isUnderMaintenance(entries: readonly CalendarEntry[], topic: string | undefined, at: number): boolean {
  return entries.some((entry) => entry.kind === 'maintenance' && covers(entry, topic, at));
}

/** Whether an hour says nothing about what is usual. */
export function isExceptional(entries: readonly CalendarEntry[], topic: string, hour: number): boolean {
  return entries.some((entry) => covers({ ...entry, from: entry.from - hourMs }, topic, hour));
}

function covers({ from, until, topics }: CalendarEntry, topic: string | undefined, at: number): boolean {
  return at > from && at <= until && (topics === undefined || (topic !== undefined && topics.includes(topic)));
}

const units = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const dateForm = /^(\d{4})-(\d{2})-(\d{2})$/;
const timeForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** What {@link parseInstant} accepts, for people. */
export const instantForms = 'an age (90m, 24h, 7d, 2w), a date (2026-01-31) or an RFC 3339 time';

/** How a point in time is read. */
export interface InstantOptions {
  /** Milliseconds since 1970 from which ages count back. */
  readonly now: number;
  /** IANA name of the zone in which days begin: `Asia/Tokyo`. */
  readonly timeZone: string;
}

/**
 * A point in time as a person gives it: an age, the midnight at which a day begins in the zone, or an RFC 3339 time.
 *
 * @returns undefined for anything else, days that no calendar has included
 */
export function parseInstant(text: string, { now, timeZone }: InstantOptions): Date | undefined {
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now - Number(count) * units[unit as keyof typeof units]);
  if (!isRealDay(text.slice(0, 10))) return undefined;
  if (dateForm.test(text)) return new Date(whenClocksShow(Date.parse(text), offsetsOf(timeZone)));
  const time = new Date(timeForm.test(text) ? text : Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** Whether a zone of this name is known. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** How far a zone's clocks are ahead of UTC at a time, in milliseconds. */
export function zoneOffset(at: number, timeZone: string): number {
  return offsetsOf(timeZone)(at);
}

/** The same for many times: making a formatter takes longer than using it. */
export function offsetsOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (at) => {
    const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
    const [, sign, hours = '0', minutes = '0'] = /^GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * units.h + Number(minutes) * units.m);
  };
}

/**
 * When a zone's clocks show a time: the offset is looked up twice because it may change in the night.
 *
 * @param local what they show, in milliseconds, as if it were UTC
 */
export function whenClocksShow(local: number, offsetAt: (at: number) => number): number {
  return local - offsetAt(local - offsetAt(local));
}

/** `Date` accepts the 30th of February and moves it to March; whoever typed it should be told. */
function isRealDay(day: string): boolean {
  return dateForm.test(day) && Number.isFinite(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
}

import { UsageError } from '../app/exit-code.ts';
import { instantForms, isTimeZone, parseInstant, zoneOffset } from '../domain/instant.ts';

/** The time zone that bare dates are dates of, and times are shown in, unless told otherwise. */
export const usualZone = 'Asia/Tokyo';

/** How a point in time is read, and what it was given for. */
export interface TimeOptions {
  /** IANA time zone in which dates begin; {@link usualZone} when absent. */
  readonly zone?: string | undefined;
  /** Option that the message names. */
  readonly option?: string;
}

/**
 * A point in time as a person gives it: an age such as `90m`, `24h`, `7d`, `2w`, a date, or an RFC 3339 time.
 *
 * @param now milliseconds since 1970 that ages count back from
 * @throws UsageError that says what is accepted
 */
export function parseTime(text: string, now: number, { zone = usualZone, option }: TimeOptions = {}): Date {
  checkZone(zone);
  const time = parseInstant(text, { now, timeZone: zone });
  if (time !== undefined) return time;
  const about = option === undefined ? '' : `${option}: `;
  throw new UsageError(`${about}"${text}" is not a time: give ${instantForms}; dates begin at midnight ${zone}`);
}

/** A period as a person gives it. */
export interface PeriodOptions {
  readonly since: string;
  readonly until?: string;
  /** IANA time zone. */
  readonly tz: string;
  /** Name of the option that `since` was given by, for messages. */
  readonly option?: string;
}

/**
 * The period that options describe; it ends now unless told otherwise.
 *
 * @throws UsageError that names the option
 */
export function parsePeriod(options: PeriodOptions, now: number): { since: Date; until: Date } {
  const { since, until, tz: zone, option = '--since' } = options;
  const period = {
    since: parseTime(since, now, { option, zone }),
    until: until === undefined ? new Date(now) : parseTime(until, now, { option: '--until', zone }),
  };
  if (period.since >= period.until) throw new UsageError(`${option} must be before --until`);
  return period;
}

/** @throws UsageError for a name that no time zone has */
export function checkZone(zone: string): void {
  if (!isTimeZone(zone)) throw new UsageError(`--tz: "${zone}" is not a time zone such as Asia/Tokyo or UTC`);
}

/** A time in a zone, to the minute: `2026-01-31 09:00`. */
export function minuteIn(zone: string, time: string): string {
  const at = Date.parse(time);
  return new Date(at + zoneOffset(at, zone)).toISOString().slice(0, 16).replace('T', ' ');
}

/** A date in a zone: `2026-01-31`. */
export function dayIn(zone: string, time: string): string {
  return minuteIn(zone, time).slice(0, 10);
}

import { UsageError } from '../app/exit-code.ts';

const units = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/**
 * A point in time as a person gives it: an age such as `90m`, `24h`, `7d`, `2w`, or an RFC 3339 date or time.
 *
 * @param now milliseconds since 1970 that ages count back from
 * @throws UsageError that says what is accepted
 */
export function parseTime(text: string, now: number): Date {
  const age = /^(\d{1,5})([mhdw])$/.exec(text);
  if (age !== null) return new Date(now - Number(age[1]) * units[age[2] as keyof typeof units]);
  const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;
  const time = new Date(iso.test(text) ? text : Number.NaN);
  if (Number.isNaN(time.getTime()) || !isRealDay(text)) {
    throw new UsageError(
      `"${text}" is not a time: give an age (90m, 24h, 7d, 2w), a date (2026-01-31, from midnight UTC) or an RFC 3339 time`,
    );
  }
  return time;
}

/** Date accepts the 30th of February and moves it to March; a person who typed it should be told. */
function isRealDay(text: string): boolean {
  const day = text.slice(0, 10);
  return new Date(day).toISOString().startsWith(day);
}

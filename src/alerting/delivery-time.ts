import type { AlertChannel } from '../domain/alert-channel.ts';
import { type Severity, severities } from '../domain/analysis.ts';
import { startOfDay } from './calendar.ts';

const [minuteMs, dayMs] = [60_000, 86_400_000];

/** Whether a channel wants alerts of a tenant, rule and severity. */
export function isWantedBy(
  { tenants, rules, severity: least }: AlertChannel,
  { tenant, rule, severity }: { tenant: string; rule: string; severity: Severity },
): boolean {
  return (
    (tenants?.includes(tenant) ?? true) &&
    (rules?.includes(rule) ?? true) &&
    severities.indexOf(severity) >= severities.indexOf(least)
  );
}

/**
 * When something may be sent at the earliest: after the quiet hours, unless it is too grave to wait.
 *
 * @param at milliseconds since 1970
 * @param zoneOffsetMs by which local time is ahead of UTC
 */
export function afterQuietHours(
  { quietHours }: Pick<AlertChannel, 'quietHours'>,
  severity: Severity,
  at: number,
  zoneOffsetMs: number,
): number {
  if (quietHours === undefined) return at;
  if (severities.indexOf(severity) >= severities.indexOf(quietHours.except)) return at;
  const day = startOfDay(at, zoneOffsetMs);
  const [from, until] = [clockMs(quietHours.from), clockMs(quietHours.until)];
  const time = at - day;
  if (from <= until) return time >= from && time < until ? day + until : at;
  if (time >= from) return day + dayMs + until;
  return time < until ? day + until : at;
}

function clockMs(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return (hours * 60 + minutes) * minuteMs;
}

/** Tries are given up after this time; milliseconds. */
export const patienceMs = 3 * dayMs;

/**
 * The wait before the next try: doubling from five seconds to an hour, less up to half by chance, and not shorter than
 * the receiver asks for.
 *
 * @param attempts tries so far, from 1
 * @param random uniform in [0, 1)
 */
export function retryDelayMs(attempts: number, random: number, retryAfterMs = 0): number {
  const longest = Math.min(3_600_000, 5000 * 2 ** Math.min(20, attempts - 1));
  return Math.max(retryAfterMs, Math.round(longest * (1 - random / 2)));
}

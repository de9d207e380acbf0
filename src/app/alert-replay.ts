import { startOfDay } from '../alerting/calendar.ts';
import { type Detection, reconcile } from '../alerting/reconcile.ts';
import type { AlertRule } from '../domain/alert-rule.ts';
import type { Database } from '../store/database.ts';
import { rememberUsual } from './alert-usual.ts';
import { evaluateRules } from './evaluate-rules.ts';

const [minuteMs, dayMs] = [60_000, 86_400_000];

/**
 * What a rule would have alerted over a period, from stored records; nothing is written.
 *
 * @param period milliseconds since 1970
 * @throws DependencyError
 */
export async function replayRule(
  database: Database,
  rule: AlertRule,
  period: { readonly tenant: string; readonly from: number; readonly through: number; readonly zoneOffsetMs: number },
): Promise<readonly Detection[]> {
  const { tenant, zoneOffsetMs } = period;
  const through = Math.floor(period.through / minuteMs) * minuteMs;
  const usualOn = rememberUsual();
  let from = Math.ceil(period.from / minuteMs) * minuteMs;
  let detections: readonly Detection[] = [];
  while (from <= through) {
    const day = { from, through: Math.min(through, startOfDay(from - 1, zoneOffsetMs) + dayMs) };
    const usual = await usualOn(database, tenant, from - 1, zoneOffsetMs);
    const firings = await evaluateRules(database, [rule], { tenant, ...day, zoneOffsetMs }, usual);
    detections = reconcile(tenant, detections, firings, from).detections;
    from = day.through + minuteMs;
  }
  return detections;
}

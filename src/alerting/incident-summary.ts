import type { Alert } from '../domain/alert.ts';
import { severities } from '../domain/analysis.ts';
import { type Incident, incidentStatuses } from '../domain/incident.ts';

/**
 * What the alerts of one incident are together.
 *
 * @param alerts none of them withdrawn
 * @returns undefined without any
 */
export function summarizeIncident(alerts: readonly Alert[]): Incident | undefined {
  const [first] = alerts;
  if (first === undefined) return undefined;
  const began = earliest(alerts.map(({ runs }) => runs[0]?.from)) ?? first.first.window.until;
  const fired = latest(alerts.map(({ runs }) => runs.at(-1)?.until)) ?? began;
  const opened = earliest(alerts.map(({ history }) => history[0]?.at)) ?? began;
  const acknowledged = earliest(alerts.map(({ acknowledgedAt }) => acknowledgedAt));
  const status = incidentStatuses.find((one) => alerts.some((alert) => alert.status === one)) ?? 'resolved';
  const closed = status === 'resolved' ? latest(alerts.map(({ resolvedAt }) => resolvedAt)) : undefined;
  const sinceOpened = (at: string) => (Date.parse(at) - Date.parse(opened)) / 1000;
  const customers = alerts.map(({ evidence }) => evidence.customers);
  const listed = new Set(customers.flatMap(({ list }) => list));
  return {
    id: first.incident,
    status,
    beganAt: began,
    firedAt: fired,
    severity: severities.findLast((level) => alerts.some(({ severity }) => severity.level === level)) ?? 'low',
    alerts: alerts.length,
    rules: distinct(alerts.map(({ rule }) => rule)),
    topics: distinct(alerts.map(({ topic }) => topic)),
    channels: distinct(alerts.map(({ channel }) => channel)),
    owners: distinct(alerts.map(({ owner }) => owner)),
    // Alerts list some of their customers at most.
    customers: Math.max(listed.size, ...customers.map(({ count }) => count)),
    ...(acknowledged !== undefined && { secondsToAcknowledge: sinceOpened(acknowledged) }),
    ...(closed !== undefined && { secondsToClose: sinceOpened(closed) }),
  };
}

function distinct<T extends string>(values: readonly (T | undefined)[]): T[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort();
}

/** RFC 3339 times in UTC with milliseconds, which sort as text. */
function earliest(times: readonly (string | undefined)[]): string | undefined {
  return times.filter((time) => time !== undefined).sort()[0];
}

function latest(times: readonly (string | undefined)[]): string | undefined {
  return times
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
}

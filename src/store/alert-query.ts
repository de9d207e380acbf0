import type { Filter } from 'mongodb';
import { summarizeIncident } from '../alerting/incident-summary.ts';
import type { Alert, AlertStatus } from '../domain/alert.ts';
import type { AlertRuleKind } from '../domain/alert-rule.ts';
import { type Severity, severities } from '../domain/analysis.ts';
import type { Incident } from '../domain/incident.ts';
import { type IncidentStatus, incidentStatuses } from '../domain/incident.ts';
import type { Channel, TopicId } from '../domain/labels.ts';
import type { AlertDocument } from './alert-documents.ts';
import { toAlert } from './alerts.ts';
import type { Database } from './database.ts';
import { withMongo } from './mongo-error.ts';

type Alerts = Pick<Database, 'alerts'>;

/** Where a page ended: when its last alert or incident began, and its id. */
export interface AlertPageEnd {
  readonly beganAt: Date;
  readonly id: string;
}

/** Which alerts to show; times half-open. */
export interface AlertFilter {
  readonly tenant: string;
  /** All but withdrawn ones when absent. */
  readonly status?: readonly AlertStatus[] | undefined;
  readonly rule?: string | undefined;
  readonly kind?: AlertRuleKind | undefined;
  readonly topic?: TopicId | undefined;
  readonly channel?: Channel | undefined;
  /** At least. */
  readonly severity?: Severity | undefined;
  readonly incident?: string | undefined;
  /** Fired last at or after. */
  readonly since?: Date | undefined;
  /** Fired last before. */
  readonly until?: Date | undefined;
  /** Where the page before ended. */
  readonly after?: AlertPageEnd | undefined;
  readonly limit: number;
}

/** Alerts, those that began last first: an order that does not change while they go on. */
export function queryAlerts({ alerts }: Alerts, filter: AlertFilter): Promise<Alert[]> {
  const { status, rule, kind, topic, channel, severity, incident, after, limit } = filter;
  const query: Filter<AlertDocument> = {
    ...firedWithin(filter),
    ...(status !== undefined && { status: { $in: [...status] } }),
    ...(rule !== undefined && { rule }),
    ...(kind !== undefined && { kind }),
    ...(topic !== undefined && { topic }),
    ...(channel !== undefined && { channel }),
    ...(severity !== undefined && { 'severity.level': { $in: severities.slice(severities.indexOf(severity)) } }),
    ...(incident !== undefined && { incident }),
    ...(after !== undefined && {
      $or: [{ beganAt: { $lt: after.beganAt } }, { beganAt: after.beganAt, id: { $lt: after.id } }],
    }),
  };
  return withMongo(async () =>
    (await alerts.find(query).sort({ beganAt: -1, id: -1 }).limit(limit).toArray()).map(toAlert),
  );
}

function firedWithin({ tenant, since, until }: Pick<AlertFilter, 'tenant' | 'since' | 'until'>) {
  const firedAt = { ...(since !== undefined && { $gte: since }), ...(until !== undefined && { $lt: until }) };
  return {
    tenant,
    status: { $ne: 'withdrawn' as const },
    ...(Object.keys(firedAt).length > 0 && { firedAt }),
  };
}

/** One alert by its short id, or undefined. */
export function findAlert({ alerts }: Alerts, tenant: string, id: string): Promise<Alert | undefined> {
  return withMongo(async () => {
    const found = await alerts.findOne({ tenant, id });
    return found === null ? undefined : toAlert(found);
  });
}

/** Which incidents to show: those of which an alert fired in the period. */
export interface IncidentFilter extends Pick<AlertFilter, 'tenant' | 'since' | 'until' | 'after' | 'limit'> {
  readonly status?: IncidentStatus | undefined;
}

/** Incidents, those that began last first, each over all its alerts. */
export function queryIncidents({ alerts }: Alerts, filter: IncidentFilter): Promise<Incident[]> {
  const { tenant, status, after, limit } = filter;
  return withMongo(async () => {
    const fired = await alerts
      .aggregate<{ _id: string }>([{ $match: firedWithin(filter) }, { $group: { _id: '$incident' } }])
      .toArray();
    const chosen = await alerts
      .aggregate<{ _id: string }>([
        { $match: { ...firedWithin({ tenant }), incident: { $in: fired.map(({ _id }) => _id) } } },
        { $group: { _id: '$incident', beganAt: { $min: '$beganAt' }, statuses: { $addToSet: '$status' } } },
        {
          $match: {
            $and: [
              ...(status === undefined ? [] : inStatus(status)),
              ...(after === undefined
                ? [{}]
                : [{ $or: [{ beganAt: { $lt: after.beganAt } }, { beganAt: after.beganAt, _id: { $lt: after.id } }] }]),
            ],
          },
        },
        { $sort: { beganAt: -1, _id: -1 } },
        { $limit: limit },
      ])
      .toArray();
    const ids = chosen.map(({ _id }) => _id);
    const members = await alertsOfIncidents({ alerts }, tenant, ids);
    return ids.flatMap((id) => {
      const incident = summarizeIncident(members.filter((alert) => alert.incident === id));
      return incident ?? [];
    });
  });
}

/** The status of an incident is the first of the statuses that one of its alerts has. */
function inStatus(status: IncidentStatus): object[] {
  const before = incidentStatuses.slice(0, incidentStatuses.indexOf(status));
  return [{ statuses: status }, ...before.map((other) => ({ statuses: { $ne: other } }))];
}

/** The alerts of one incident, in the order in which they began; none when there is no such incident. */
export function alertsOfIncident(database: Alerts, tenant: string, incident: string): Promise<Alert[]> {
  return withMongo(() => alertsOfIncidents(database, tenant, [incident]));
}

async function alertsOfIncidents({ alerts }: Alerts, tenant: string, incidents: readonly string[]): Promise<Alert[]> {
  const query = { ...firedWithin({ tenant }), incident: { $in: [...incidents] } };
  return (await alerts.find(query).sort({ beganAt: 1, id: 1 }).toArray()).map(toAlert);
}

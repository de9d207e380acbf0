import { loadAlertRules } from '../../src/app/alert-assets.ts';
import { evaluateTenant } from '../../src/app/alert-evaluator.ts';
import { type AlertChange, alertChangeSchema } from '../../src/domain/alert.ts';
import type { KafkaConnection } from '../../src/kafka/connection.ts';
import { fetchLag } from '../../src/kafka/lag.ts';
import { readRanges, topicRanges } from '../../src/kafka/read-range.ts';
import type { Database } from '../../src/store/database.ts';
import type { Violation } from './audit.ts';
import { alertGroup, alertHorizonHours, alertOffsetMinutes, topics } from './stage.ts';

/** What the alert worker still has to do, in words; undefined when everything is in line. Throws DependencyError. */
export async function unsettledAlerts(kafka: KafkaConnection, database: Database): Promise<string | undefined> {
  const lags = await fetchLag(kafka, alertGroup, [topics.enriched]);
  const waiting = lags.reduce((sum, partition) => sum + partition.lag, 0);
  if (waiting > 0) return `${waiting} records wait`;
  const open = { $or: [{ changed: { $exists: true } }, { claimed: { $exists: true } }] };
  const tenants = await database.alertProgress.countDocuments(open);
  if (tenants > 0) return `${tenants} tenants are to be evaluated`;
  const untold = await database.alerts.countDocuments({ unannounced: true });
  return untold > 0 ? `${untold} alerts are not announced` : undefined;
}

/**
 * Compares alerts with what an evaluation from nothing makes of the stored records, and with what was announced. The
 * alert worker must have ended; afterwards the stored alerts are those of the evaluation.
 *
 * @throws DependencyError
 */
export async function auditAlerts(
  kafka: KafkaConnection,
  database: Database,
): Promise<{ readonly standing: number; readonly violations: Violation[] }> {
  const unannounced = missingAnnouncements(await readChanges(kafka), await database.alerts.find().toArray());
  const before = await standing(database);
  await evaluateFromNothing(database);
  const after = await standing(database);
  const different = [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => before.get(key) !== after.get(key),
  );
  return {
    standing: after.size,
    violations: [
      ...violation('every change of an alert is announced, in order', unannounced),
      ...violation(
        'alerts are those of an evaluation from nothing',
        different.map((key) => `${key}: ${before.get(key) ?? 'missing'}, should be ${after.get(key) ?? 'none'}`),
      ),
    ],
  };
}

function violation(invariant: string, all: readonly string[]): Violation[] {
  return all.length === 0 ? [] : [{ invariant, count: all.length, examples: all.slice(0, 5) }];
}

/** What was detected by key: when it fired. */
async function standing(database: Database): Promise<Map<string, string>> {
  const alerts = await database.alerts.find({ status: { $ne: 'withdrawn' } }).toArray();
  return new Map(alerts.map(({ _id, runs }) => [_id, JSON.stringify(runs)]));
}

async function evaluateFromNothing(database: Database): Promise<void> {
  const file = await loadAlertRules();
  const settings = { file, zoneOffsetMs: alertOffsetMinutes * 60_000, horizonMs: alertHorizonHours * 3_600_000 };
  await database.alerts.deleteMany({});
  for (const { _id: tenant, through, partitions } of await database.alertProgress.find().toArray()) {
    const oldest = await database.records.findOne({ tenant }, { sort: { occurredAt: 1 } });
    if (through === undefined || oldest === null) continue;
    const claim = {
      tenant,
      changed: oldest.occurredAt.getTime(),
      evaluated: undefined,
      through,
      newest: Math.max(...Object.values(partitions).map(({ newest }) => newest)),
      settle: async () => {},
      release: async () => {},
    };
    await evaluateTenant(database, claim, settings, Date.now());
  }
}

async function readChanges(kafka: KafkaConnection): Promise<AlertChange[]> {
  const changes: AlertChange[] = [];
  for await (const { messages } of readRanges(kafka, topics.alerts, await topicRanges(kafka, topics.alerts))) {
    for (const { value } of messages) changes.push(alertChangeSchema.parse(JSON.parse(String(value))));
  }
  return changes;
}

/**
 * Alerts whose last change is not announced, or not in order, in words. An alert that took the place of another one
 * goes on with the numbers of that.
 */
function missingAnnouncements(
  changes: readonly AlertChange[],
  alerts: readonly { readonly id: string; readonly history: readonly unknown[] }[],
): string[] {
  const next = new Map<string, number>();
  for (const { id, data } of changes) {
    const sequence = Number(id.slice(data.id.length + 1));
    if (sequence === (next.get(data.id) ?? sequence)) next.set(data.id, sequence + 1);
  }
  return alerts
    .filter(({ id, history }) => (next.get(id) ?? 0) !== history.length)
    .map(({ id, history }) => `${id}: ${next.get(id) ?? 0} of ${history.length} changes`);
}

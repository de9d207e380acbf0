import { customersOf, type EvidenceRecord, evidenceOf } from '../alerting/evidence.ts';
import type { Detection } from '../alerting/reconcile.ts';
import { churnBandFires } from '../alerting/rule-checks.ts';
import type { Evidence } from '../domain/alert.ts';
import type { AlertRule, RuleOf } from '../domain/alert-rule.ts';
import { churnChangesIn } from './churn-changes.ts';
import type { Database } from './database.ts';
import type { RecordDocument } from './documents.ts';
import { withMongo } from './mongo-error.ts';

const most = { records: 500, before: 2000, similar: 5 };
const weekMs = 7 * 86_400_000;

const fields = {
  id: 1,
  occurredAt: 1,
  text: 1,
  customer: 1,
  attributes: 1,
  opinions: 1,
  sentences: 1,
  sentiment: 1,
} as const;

/**
 * Gathers why an alert was raised and whom it is about, from records, customer events and earlier alerts.
 *
 * @param inForce the rule, if it still holds
 */
export function readEvidence(
  database: Pick<Database, 'records' | 'customerEvents' | 'alerts' | 'churnChanges'>,
  tenant: string,
  detection: Detection,
  inForce?: AlertRule,
): Promise<Evidence> {
  const { topic, rule, subject, key, first, runs } = detection;
  const from = new Date(first.window.from);
  const until = new Date(runs.at(-1)?.until ?? from.getTime());
  const before = new Date(from.getTime() - weekMs);
  return withMongo(async () => {
    const leaving =
      inForce?.kind === 'churn-band' ? await readLeaving(database, inForce, tenant, detection) : undefined;
    const about = leaving === undefined ? aboutSubject(detection) : { customer: { $in: [...leaving.keys()] } };
    // Who may leave has been saying why for a while.
    const since = leaving === undefined ? from : before;
    const [records, usual, similar] = await Promise.all([
      read(database, { tenant, ...about, occurredAt: { $gte: since, $lt: until } }, most.records),
      leaving === undefined
        ? read(database, { tenant, ...about, occurredAt: { $gte: before, $lt: from } }, most.before)
        : [],
      database.alerts
        .find({ tenant, rule, subject, _id: { $ne: key }, beganAt: { $lt: new Date(runs[0]?.from ?? 0) } })
        .sort({ firedAt: -1 })
        .limit(most.similar)
        .toArray(),
    ]);
    const revenue = leaving ?? (await revenueOf(database, tenant, records));
    const customers = leaving === undefined ? customersOf(records) : [...leaving.keys()].sort();
    return {
      ...evidenceOf(records, usual, topic, customers, (customer) => revenue.get(customer) ?? 0),
      similar: similar.map(({ id, beganAt, status, history }) => ({
        id,
        from: beganAt.toISOString(),
        status,
        useful: history.reduce((sum, entry) => sum + (entry.useful === undefined ? 0 : entry.useful ? 1 : -1), 0),
      })),
    };
  });
}

/** Customers who have risen into the band of an alert, with their monthly revenue. */
async function readLeaving(
  database: Pick<Database, 'churnChanges'>,
  rule: RuleOf<'churn-band'>,
  tenant: string,
  { subject, first, runs }: Detection,
): Promise<Map<string, number>> {
  const from = Date.parse(first.window.from);
  const changes = await churnChangesIn(database, { tenant, from, until: runs.at(-1)?.until ?? from });
  const [group] = churnBandFires(rule, changes).filter(({ band }) => band === subject);
  return new Map(group?.risen.map(({ customer, mrr }) => [customer, mrr]));
}

/** The records that an alert is about. */
function aboutSubject({ kind, topic, channel, subject }: Detection): object {
  if (kind === 'message') return { id: subject };
  if (kind === 'emerging') return { 'opinions.key': subject };
  if (kind === 'no-data') return { ...(channel !== undefined && { channel }) };
  const negative = topic === undefined ? { 'sentiment.label': 'negative' } : {};
  return {
    ...negative,
    ...(topic !== undefined && { topics: { $elemMatch: { id: topic, polarity: 'negative' } } }),
    ...(channel !== undefined && { channel }),
  };
}

async function read({ records }: Pick<Database, 'records'>, filter: object, limit: number): Promise<EvidenceRecord[]> {
  const found = await records
    .find(filter)
    .sort({ occurredAt: -1 })
    .limit(limit)
    .project<Pick<RecordDocument, keyof typeof fields>>(fields)
    .toArray();
  return found.map(({ occurredAt, ...rest }) => ({ ...rest, occurredAt: occurredAt.toISOString() }));
}

/** Monthly revenue of customers as the last event that tells it says. */
async function revenueOf(
  { customerEvents }: Pick<Database, 'customerEvents'>,
  tenant: string,
  records: readonly EvidenceRecord[],
): Promise<Map<string, number>> {
  const customers = customersOf(records);
  if (customers.length === 0) return new Map();
  const events = await customerEvents
    .find({ tenant, customer: { $in: customers }, mrr: { $exists: true } })
    .sort({ occurredAt: 1 })
    .toArray();
  return new Map(events.map(({ customer, mrr }) => [customer, mrr ?? 0]));
}

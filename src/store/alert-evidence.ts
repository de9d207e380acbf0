import { type EvidenceRecord, evidenceOf } from '../alerting/evidence.ts';
import type { Detection } from '../alerting/reconcile.ts';
import type { Evidence } from '../domain/alert.ts';
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

/** Gathers why an alert was raised and whom it is about, from records, customer events and earlier alerts. */
export function readEvidence(
  database: Pick<Database, 'records' | 'customerEvents' | 'alerts'>,
  tenant: string,
  detection: Detection,
): Promise<Evidence> {
  const { topic, rule, subject, key, first, runs } = detection;
  const from = new Date(first.window.from);
  const until = new Date(runs.at(-1)?.until ?? from.getTime());
  const before = new Date(from.getTime() - weekMs);
  const about = aboutSubject(detection);
  return withMongo(async () => {
    const [records, usual, similar] = await Promise.all([
      read(database, { tenant, ...about, occurredAt: { $gte: from, $lt: until } }, most.records),
      read(database, { tenant, ...about, occurredAt: { $gte: before, $lt: from } }, most.before),
      database.alerts
        .find({ tenant, rule, subject, _id: { $ne: key }, beganAt: { $lt: new Date(runs[0]?.from ?? 0) } })
        .sort({ firedAt: -1 })
        .limit(most.similar)
        .toArray(),
    ]);
    const revenue = await revenueOf(database, tenant, records);
    return {
      ...evidenceOf(records, usual, topic, (customer) => revenue.get(customer) ?? 0),
      similar: similar.map(({ id, beganAt, status, history }) => ({
        id,
        from: beganAt.toISOString(),
        status,
        useful: history.reduce((sum, entry) => sum + (entry.useful === undefined ? 0 : entry.useful ? 1 : -1), 0),
      })),
    };
  });
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
  const customers = [...new Set(records.flatMap(({ customer }) => customer ?? []))];
  if (customers.length === 0) return new Map();
  const events = await customerEvents
    .find({ tenant, customer: { $in: customers }, mrr: { $exists: true } })
    .sort({ occurredAt: 1 })
    .toArray();
  return new Map(events.map(({ customer, mrr }) => [customer, mrr ?? 0]));
}

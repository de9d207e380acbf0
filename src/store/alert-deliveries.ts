import type { AlertChange } from '../domain/alert.ts';
import type { AlertDeliveryDocument, AlertDocument } from './alert-documents.ts';
import type { Database } from './database.ts';
import { withMongo } from './mongo-error.ts';

type Deliveries = Pick<Database, 'alertDeliveries'>;

/** A try that takes longer than this is taken to have died; milliseconds. */
const leaseMs = 60_000;

/** Alerts with changes that are not announced, the longest waiting first. */
export function unannouncedAlerts({ alerts }: Pick<Database, 'alerts'>, limit: number): Promise<AlertDocument[]> {
  return withMongo(() => alerts.find({ unannounced: true }).sort({ firedAt: 1 }).limit(limit).toArray());
}

/** Writes down that an alert is announced as it was read; what changed since is still to be announced. */
export function markAnnounced({ alerts }: Pick<Database, 'alerts'>, { _id, version, history }: AlertDocument) {
  return withMongo(() =>
    alerts.updateOne({ _id, version }, { $set: { announced: history.length, unannounced: false } }),
  );
}

/** One change for one channel. */
export interface PlannedDelivery {
  readonly channel: string;
  readonly incident: string;
  readonly change: AlertChange;
  /** Not before; milliseconds since 1970. */
  readonly dueAt: number;
  /** Changes of one incident within so long are sent as one. */
  readonly groupMs: number;
}

/**
 * Puts a change into the outbox, once however often it is planned: beside changes of its incident that wait, and no
 * sooner after the last message about the incident than the channel groups.
 */
export function planDelivery(
  { alertDeliveries }: Deliveries,
  { channel, incident, change, dueAt, groupMs }: PlannedDelivery,
  now: number,
): Promise<void> {
  return withMongo(async () => {
    if ((await alertDeliveries.findOne({ channel, incident, 'changes.id': change.id })) !== null) return;
    const waiting = { channel, incident, status: 'waiting' as const, attempts: 0 };
    if (groupMs > 0) {
      const { matchedCount } = await alertDeliveries.updateOne(
        { ...waiting, 'changes.id': { $ne: change.id } },
        { $push: { changes: change } },
      );
      if (matchedCount > 0) return;
    }
    const [last] = await alertDeliveries.find({ channel, incident }).sort({ createdAt: -1 }).limit(1).toArray();
    const grouped = last === undefined ? 0 : last.createdAt.getTime() + groupMs;
    const delivery: Omit<AlertDeliveryDocument, '_id'> = {
      ...waiting,
      tenant: change.data.tenant,
      changes: [change],
      createdAt: new Date(now),
      dueAt: new Date(Math.max(dueAt, grouped)),
    };
    await alertDeliveries.updateOne({ _id: `${change.id}.${channel}` }, { $setOnInsert: delivery }, { upsert: true });
  });
}

/**
 * Takes the delivery of a channel that is due longest, or none. It is due again after a lease, should this process die.
 *
 * @param channel its id, or ids of channels that it is none of
 */
export function takeDelivery(
  { alertDeliveries }: Deliveries,
  channel: string | { readonly noneOf: readonly string[] },
  now: number,
): Promise<AlertDeliveryDocument | undefined> {
  const whose = typeof channel === 'string' ? channel : { $nin: [...channel.noneOf] };
  return withMongo(async () => {
    const taken = await alertDeliveries.findOneAndUpdate(
      { status: 'waiting', channel: whose, dueAt: { $lte: new Date(now) } },
      { $set: { dueAt: new Date(now + leaseMs) }, $inc: { attempts: 1 } },
      { sort: { dueAt: 1 }, returnDocument: 'after' },
    );
    return taken ?? undefined;
  });
}

/** What became of a try; times in milliseconds since 1970. */
export type DeliveryOutcome =
  | { readonly status: 'sent'; readonly at: number }
  | { readonly status: 'failed'; readonly reason: string }
  /** `untried`: it was only found that it cannot be sent yet. */
  | { readonly status: 'waiting' | 'untried'; readonly reason: string; readonly dueAt: number };

/** Writes down what became of a try. */
export function settleDelivery({ alertDeliveries }: Deliveries, id: string, outcome: DeliveryOutcome) {
  const change =
    outcome.status === 'sent'
      ? { $set: { status: 'sent' as const, sentAt: new Date(outcome.at) }, $unset: { reason: '' as const } }
      : outcome.status === 'failed'
        ? { $set: { status: 'failed' as const, reason: outcome.reason } }
        : {
            $set: { reason: outcome.reason, dueAt: new Date(outcome.dueAt) },
            $inc: { attempts: outcome.status === 'untried' ? -1 : 0 },
          };
  return withMongo(() => alertDeliveries.updateOne({ _id: id, status: 'waiting' }, change));
}

export type DeliveryStatus = AlertDeliveryDocument['status'];

/** Messages, the newest first. */
export function listDeliveries(
  { alertDeliveries }: Deliveries,
  { status, limit }: { readonly status?: DeliveryStatus | undefined; readonly limit: number },
): Promise<AlertDeliveryDocument[]> {
  const filter = status === undefined ? {} : { status };
  return withMongo(() => alertDeliveries.find(filter).sort({ createdAt: -1 }).limit(limit).toArray());
}

/** Has a message that was given up tried again, as long as a new one; false when there is none. */
export function sendAgain({ alertDeliveries }: Deliveries, id: string, now: Date): Promise<boolean> {
  const anew = { status: 'waiting' as const, attempts: 0, createdAt: now, dueAt: now };
  return withMongo(async () => {
    return (await alertDeliveries.updateOne({ _id: id, status: 'failed' }, { $set: anew })).matchedCount === 1;
  });
}

/** How many messages were tried and have not been taken yet. */
export function countUntaken({ alertDeliveries }: Deliveries): Promise<number> {
  return withMongo(() => alertDeliveries.countDocuments({ status: 'waiting', attempts: { $gt: 0 } }));
}

/** How many messages a channel was sent since a time. */
export function countSent({ alertDeliveries }: Deliveries, channel: string, since: number): Promise<number> {
  return withMongo(() => alertDeliveries.countDocuments({ channel, sentAt: { $gte: new Date(since) } }));
}

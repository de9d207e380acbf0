import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Act, act } from '../alerting/life-cycle.ts';
import type { Detection } from '../alerting/reconcile.ts';
import type { Alert } from '../domain/alert.ts';
import type { AlertDocument } from './alert-documents.ts';
import type { Database } from './database.ts';
import { withMongo } from './mongo-error.ts';

type Alerts = Pick<Database, 'alerts'>;

const mostRounds = 20;

/** Short name of an alert, for commands and addresses, from its key. */
export function alertIdOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 12);
}

/** An alert as it is shown. */
export function toAlert(document: AlertDocument): Alert {
  const { _id, runs, beganAt, firedAt, version, announced, unannounced, settledThrough, ...rest } = document;
  const period = ({ from, until }: { from: number; until: number }) => ({
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
  });
  return { ...rest, key: _id, runs: runs.map(period), history: [...rest.history] };
}

/** A stored alert as evaluation sees it. */
export function toDetection({
  _id,
  rule,
  kind,
  subject,
  topic,
  channel,
  runs,
  first,
  latest,
}: AlertDocument): Detection {
  return {
    key: _id,
    rule,
    kind,
    subject,
    ...(topic !== undefined && { topic }),
    ...(channel !== undefined && { channel }),
    runs,
    first,
    latest,
  };
}

/** Alerts of a tenant that fired at or after a time, or that are not closed. */
export function alertsSince({ alerts }: Alerts, tenant: string, since: number): Promise<AlertDocument[]> {
  return withMongo(() =>
    alerts
      .find({
        tenant,
        $or: [{ firedAt: { $gte: new Date(since) } }, { status: { $in: ['open', 'acknowledged', 'snoozed'] } }],
      })
      .toArray(),
  );
}

/** What of a spike tells in which hours something was wrong. */
export interface StoredSpike extends Pick<AlertDocument, 'subject' | 'runs'> {
  /** Whether anybody voted it to be false. */
  readonly useless: boolean;
}

/** Spikes of a tenant that fired at or after a time and that later feedback has not explained away, by their keys. */
export function spikesSince({ alerts }: Alerts, tenant: string, since: number): Promise<StoredSpike[]> {
  return withMongo(async () => {
    const found = await alerts
      .find({ tenant, kind: 'spike', status: { $ne: 'withdrawn' }, firedAt: { $gte: new Date(since) } })
      .sort({ _id: 1 })
      .project<Pick<AlertDocument, 'subject' | 'runs' | 'history'>>({ subject: 1, runs: 1, 'history.useful': 1 })
      .toArray();
    return found.map(({ subject, runs, history }) => {
      return { subject, runs, useless: history.some(({ useful }) => useful === false) };
    });
  });
}

/**
 * Writes an alert if it is still the one that was read.
 *
 * @param version of the alert that was read, undefined for a new one
 * @returns whether it was written; if not, read again and decide anew
 */
export function writeAlert(
  { alerts }: Alerts,
  document: Omit<AlertDocument, 'version' | 'unannounced'>,
  version: number | undefined,
): Promise<boolean> {
  const unannounced = document.announced < document.history.length;
  const written = { ...document, version: (version ?? 0) + 1, unannounced };
  return withMongo(async () => {
    if (version === undefined) {
      const { _id, ...rest } = written;
      const { upsertedCount } = await alerts.updateOne({ _id }, { $setOnInsert: rest }, { upsert: true });
      return upsertedCount === 1;
    }
    const { _id, ...replacement } = written;
    return (await alerts.replaceOne({ _id, version }, replacement)).matchedCount === 1;
  });
}

/** Removes an alert whose place another one has taken. */
export function removeAlert({ alerts }: Alerts, key: string): Promise<unknown> {
  return withMongo(() => alerts.deleteOne({ _id: key }));
}

/**
 * Does something about an alert: acknowledges, snoozes, resolves, votes or comments.
 *
 * @returns the alert afterwards; undefined when there is none
 * @throws ActRefused when the state of the alert does not allow it
 */
export function actOnAlert(
  { alerts }: Alerts,
  { tenant, id }: { readonly tenant: string; readonly id: string },
  what: Act,
  now: Date,
): Promise<Alert | undefined> {
  return withMongo(async () => {
    for (let round = 0; round < mostRounds; round++) {
      const found = await alerts.findOne({ tenant, id });
      if (found === null) return undefined;
      const { snoozedUntil, ...rest } = found;
      const acted = act(found, what, now.toISOString());
      const settled = what.event === 'resolved' ? { settledThrough: found.firedAt.getTime() } : {};
      const next = { ...rest, ...acted, ...settled };
      if (await writeAlert({ alerts }, next, found.version)) return toAlert(next);
      await sleep(round);
    }
    throw new Error(`alert ${id} keeps changing`);
  });
}

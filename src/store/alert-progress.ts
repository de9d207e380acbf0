import type { Filter } from 'mongodb';
import { type PartitionProgress, type Patience, watermark } from '../alerting/watermark.ts';
import type { AlertProgressDocument } from './alert-documents.ts';
import type { Database } from './database.ts';
import { withMongo } from './mongo-error.ts';

/** Feedback of one tenant that was read from one partition; times in milliseconds since 1970. */
export interface ReadFeedback {
  readonly tenant: string;
  readonly oldest: number;
  readonly newest: number;
}

/** A tenant to evaluate. Nobody else evaluates it until the lease ends. */
export interface AlertClaim {
  readonly tenant: string;
  /** Oldest feedback not evaluated; undefined when none is new. */
  readonly changed: number | undefined;
  /** Event time up to which everything had been evaluated; undefined at first. */
  readonly evaluated: number | undefined;
  /** Event time up to which feedback is taken to be complete. */
  readonly through: number;
  readonly newest: number;
  /**
   * Writes down that everything was evaluated, and when to look again.
   *
   * @param restsUntil new feedback waits until then; at once when left out
   */
  settle(dueAt: Date, restsUntil?: Date): Promise<void>;
  /** Gives the tenant back to be evaluated again at once. */
  release(): Promise<void>;
}

/** Long enough for an evaluation of days of feedback. */
const leaseMs = 60_000;

/**
 * Announces feedback to evaluate. Must be called before its offsets are committed; again changes nothing.
 *
 * @param partition name of the partition of its topic, without dots
 */
export async function markFeedback(
  { alertProgress }: Pick<Database, 'alertProgress'>,
  partition: string,
  read: readonly ReadFeedback[],
  now: number,
): Promise<void> {
  if (read.length === 0) return;
  await withMongo(() =>
    alertProgress.bulkWrite(
      read.map(({ tenant, oldest, newest }) => ({
        updateOne: {
          filter: { _id: tenant },
          update: {
            $min: { changed: oldest, dueAt: new Date(now) },
            $max: { [`partitions.${partition}.newest`]: newest, [`partitions.${partition}.readAt`]: now },
          },
          upsert: true,
        },
      })),
      { ordered: false },
    ),
  );
}

/**
 * Claims the tenant that has waited longest, or none. What a claim that ended without being settled had in hand is
 * evaluated again.
 */
export function claimTenant(
  { alertProgress }: Pick<Database, 'alertProgress'>,
  holder: string,
  patience: Patience,
  now: number,
): Promise<AlertClaim | undefined> {
  const time = new Date(now);
  return withMongo(async () => {
    const claimed = await alertProgress.findOneAndUpdate(
      {
        dueAt: { $lte: time },
        $and: [orGone('leaseUntil', time), orGone('restsUntil', time)],
      },
      [
        {
          $set: {
            holder,
            leaseUntil: new Date(now + leaseMs),
            // $min passes over what is missing.
            claimed: { $min: ['$claimed', '$changed'] },
            changed: '$$REMOVE',
            dueAt: new Date(now + leaseMs),
          },
        },
      ],
      { sort: { dueAt: 1 }, returnDocument: 'after' },
    );
    if (claimed === null) return undefined;
    return toClaim(alertProgress, claimed, holder, patience, now);
  });
}

/** Times that are over, or were never set. */
function orGone(field: 'leaseUntil' | 'restsUntil', now: Date): Filter<AlertProgressDocument> {
  return { $or: [{ [field]: { $exists: false } }, { [field]: { $lte: now } }] };
}

/** For how long the tenant that waits longest has been due, in milliseconds; 0 while none waits. */
export function evaluationDelay({ alertProgress }: Pick<Database, 'alertProgress'>, now: number): Promise<number> {
  return withMongo(async () => {
    const [longest] = await alertProgress
      .find()
      .sort({ dueAt: 1 })
      .limit(1)
      .project<{ dueAt: Date }>({ dueAt: 1 })
      .toArray();
    return Math.max(0, now - (longest?.dueAt.getTime() ?? now));
  });
}

function toClaim(
  alertProgress: Database['alertProgress'],
  document: AlertProgressDocument,
  holder: string,
  patience: Patience,
  now: number,
): AlertClaim {
  const partitions: PartitionProgress[] = Object.values(document.partitions);
  const minute = 60_000;
  const complete = Math.floor(watermark(partitions, now, patience) / minute) * minute;
  const through = Math.max(complete, document.through ?? Number.NEGATIVE_INFINITY);
  return {
    tenant: document._id,
    changed: document.claimed ?? undefined,
    evaluated: document.through,
    through,
    newest: Math.max(...partitions.map(({ newest }) => newest)),
    settle: (dueAt, restsUntil) =>
      withMongo(async () => {
        const mine = { _id: document._id, holder };
        await alertProgress.updateOne(mine, {
          $set: { through, ...(restsUntil && { restsUntil }) },
          $unset: { claimed: '', holder: '', leaseUntil: '' },
        });
        // Feedback that came meanwhile is due as soon as the tenant has rested.
        await alertProgress.updateOne({ _id: document._id, changed: { $exists: false } }, { $set: { dueAt } });
      }),
    release: () =>
      withMongo(async () => {
        const free = { $unset: { holder: '' as const, leaseUntil: '' as const }, $set: { dueAt: new Date(now) } };
        await alertProgress.updateOne({ _id: document._id, holder }, free);
      }),
  };
}

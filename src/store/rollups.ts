import type { Collection } from 'mongodb';
import type { FeedbackCounts } from '../insight/feedback-counts.ts';
import type { Database } from './database.ts';
import type { RollupDocument } from './documents.ts';
import { countRecords } from './feedback-counts-query.ts';
import { withMongo } from './mongo-error.ts';
import { packCounts, unpackCounts } from './packed-counts.ts';

/** One tenant's hour. */
interface TenantHour {
  readonly tenant: string;
  readonly hour: Date;
}

/**
 * Announces that records of these hours have changed. Must be called after the records are stored and before their
 * offsets are committed; then whoever reads `marked = n` also sees every record announced up to n.
 */
export async function markStale(collection: Collection<RollupDocument>, hours: readonly TenantHour[]): Promise<void> {
  const distinct = new Map(hours.map((given) => [`${given.tenant}/${given.hour.toISOString()}`, given]));
  if (distinct.size === 0) return;
  await collection.bulkWrite(
    [...distinct].map(([_id, { tenant, hour }]) => ({
      updateOne: {
        filter: { _id },
        update: {
          $inc: { marked: 1 },
          $set: { stale: true },
          $setOnInsert: { tenant, hour, computed: 0, rows: [], feedback: [], opinions: [] },
        },
        upsert: true,
      },
    })),
    { ordered: false },
  );
}

/**
 * Recomputes stale roll-ups from their records, newest hours first. Any number of workers may do so at once: an older
 * result never replaces a newer one, and an hour announced again meanwhile stays stale.
 *
 * @param limit hours to recompute at most
 * @returns how many were recomputed
 */
export function refreshRollups(database: Database, limit: number): Promise<number> {
  return withMongo(async () => {
    const stale = await database.rollups.find({ stale: true }).sort({ hour: -1 }).limit(limit).toArray();
    for (const rollup of stale) await recompute(database, rollup);
    return stale.length;
  });
}

/** How many hours wait to be recomputed, for a tenant or for all. */
export function countStaleRollups(database: Database, tenant?: string): Promise<number> {
  return withMongo(() => database.rollups.countDocuments({ stale: true, ...(tenant !== undefined && { tenant }) }));
}

async function recompute(database: Database, { _id, tenant, hour, marked }: RollupDocument): Promise<void> {
  const counts = packCounts(await countHour(database, { tenant, hour }));
  const { rollups } = database;
  const upToDate = await rollups.updateOne({ _id, marked }, { $set: { ...counts, computed: marked, stale: false } });
  if (upToDate.matchedCount === 0) {
    await rollups.updateOne({ _id, computed: { $lt: marked } }, { $set: { ...counts, computed: marked } });
  }
}

function countHour(database: Database, { tenant, hour }: TenantHour): Promise<FeedbackCounts> {
  return countRecords(database, { tenant, since: hour, until: new Date(hour.getTime() + 3_600_000) });
}

/** An hour whose roll-up differs from a recount of its records. */
export interface RollupDifference extends TenantHour {
  /** Topic rows in the roll-up, and in the recount. */
  readonly stored: number;
  readonly recounted: number;
}

/**
 * Recounts every hour that is not stale from the records and returns those that differ: there must be none.
 *
 * @param tenant only whose hours; all when absent
 */
export function verifyRollups(database: Database, tenant?: string): Promise<RollupDifference[]> {
  return withMongo(async () => {
    const differences: RollupDifference[] = [];
    const settled = database.rollups.find({ stale: false, ...(tenant !== undefined && { tenant }) });
    for await (const rollup of settled) {
      const recount = await countHour(database, rollup);
      if (canonical(unpackCounts(rollup)) === canonical(recount)) continue;
      // Somebody may have written between the two reads; only what stays the same is a difference.
      const again = await database.rollups.findOne({ _id: rollup._id, marked: rollup.marked, stale: false });
      if (again === null) continue;
      const { tenant: whose, hour, rows } = rollup;
      differences.push({ tenant: whose, hour, stored: rows.length, recounted: recount.topics.length });
    }
    return differences;
  });
}

/** Has the workers recount these hours. */
export function recountHours(database: Database, hours: readonly TenantHour[]): Promise<void> {
  return withMongo(() => markStale(database.rollups, hours));
}

/** Counts with names in a fixed order and sums rounded where addition in another order may differ. */
function canonical({ topics, feedback, opinions }: FeedbackCounts): string {
  return JSON.stringify([topics, feedback, opinions], (name, value: unknown) => {
    if (name === 'sentimentSum' && typeof value === 'number') return value.toFixed(6);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

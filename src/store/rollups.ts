import type { Collection } from 'mongodb';
import type { Database } from './database.ts';
import type { RollupDocument } from './documents.ts';
import { withMongo } from './mongo-error.ts';
import { countTopics } from './topic-count-query.ts';

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
        update: { $inc: { marked: 1 }, $set: { stale: true }, $setOnInsert: { tenant, hour, computed: 0, rows: [] } },
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

async function recompute({ records, rollups }: Database, { _id, tenant, hour, marked }: RollupDocument): Promise<void> {
  const until = new Date(hour.getTime() + 3_600_000);
  const rows = await countTopics(records, { tenant, since: hour, until });
  const upToDate = await rollups.updateOne({ _id, marked }, { $set: { rows, computed: marked, stale: false } });
  if (upToDate.matchedCount === 0) {
    await rollups.updateOne({ _id, computed: { $lt: marked } }, { $set: { rows, computed: marked } });
  }
}

/** An hour whose roll-up differs from a recount of its records. */
export interface RollupDifference extends TenantHour {
  readonly stored: number;
  readonly recounted: number;
}

/** Recounts every hour that is not stale from the records and returns those that differ: there must be none. */
export function verifyRollups(database: Database): Promise<RollupDifference[]> {
  return withMongo(async () => {
    const differences: RollupDifference[] = [];
    for await (const { tenant, hour, rows } of database.rollups.find({ stale: false })) {
      const until = new Date(hour.getTime() + 3_600_000);
      const recount = await countTopics(database.records, { tenant, since: hour, until });
      if (canonical(rows) !== canonical(recount)) {
        differences.push({ tenant, hour, stored: rows.length, recounted: recount.length });
      }
    }
    return differences;
  });
}

/** Rows in a fixed order with sums rounded where addition in another order may differ. */
function canonical(rows: RollupDocument['rows']): string {
  return JSON.stringify(
    rows
      .map(({ topic, channel, count, negative, positive, mixed, sentimentSum }) =>
        [topic, channel, count, negative, positive, mixed, sentimentSum.toFixed(6)].join(' '),
      )
      .sort(),
  );
}

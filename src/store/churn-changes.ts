import type { ChurnChange } from '../domain/churn-change.ts';
import type { ChurnChangeDocument } from './alert-documents.ts';
import type { TenantPeriod } from './alert-figures.ts';
import type { Database } from './database.ts';
import { withMongo } from './mongo-error.ts';

/** Keeps changes of band; of several with the same id the first. Keeping them again changes nothing. */
export async function keepChurnChanges(
  { churnChanges }: Pick<Database, 'churnChanges'>,
  changes: readonly ChurnChange[],
): Promise<void> {
  if (changes.length === 0) return;
  await withMongo(() =>
    churnChanges.bulkWrite(
      changes.map(({ id, tenant, customer, scoredAt, band, previousBand, mrr }) => ({
        updateOne: {
          filter: { _id: id },
          update: {
            $setOnInsert: {
              ...{ tenant, customer, band, mrr },
              ...(previousBand !== undefined && { previousBand }),
              scoredAt: new Date(scoredAt),
            },
          },
          upsert: true,
        },
      })),
      { ordered: false },
    ),
  );
}

/** Changes of band in a period, in the order of scoring. */
export function churnChangesIn(
  { churnChanges }: Pick<Database, 'churnChanges'>,
  { tenant, from, until }: TenantPeriod,
): Promise<ChurnChangeDocument[]> {
  const scoredAt = { $gte: new Date(from), $lt: new Date(until) };
  return withMongo(() => churnChanges.find({ tenant, scoredAt }).sort({ scoredAt: 1, _id: 1 }).toArray());
}

import { MongoBulkWriteError } from 'mongodb';
import type { Database } from './database.ts';
import type { CustomerEventDocument } from './documents.ts';
import { withMongo } from './mongo-error.ts';

const duplicateKey = 11_000;

/**
 * Keeps customer events by tenant and id; the one that Kafka took last wins, so that saving again changes nothing.
 *
 * @throws DependencyError
 */
export function saveCustomerEvents(
  { customerEvents }: Pick<Database, 'customerEvents'>,
  events: readonly CustomerEventDocument[],
): Promise<void> {
  const newest = new Map(events.map((event) => [event._id, event]));
  return withMongo(async () => {
    if (newest.size === 0) return;
    const operations = [...newest.values()].map(({ _id, ...replacement }) => {
      // An event that is newer than this one does not match the filter, and inserting collides with it.
      return {
        replaceOne: { filter: { _id, receivedAt: { $lte: replacement.receivedAt } }, replacement, upsert: true },
      };
    });
    try {
      await customerEvents.bulkWrite(operations, { ordered: false });
    } catch (error) {
      const isNewer =
        error instanceof MongoBulkWriteError && [error.writeErrors].flat().every(({ code }) => code === duplicateKey);
      if (!isNewer) throw error;
    }
  });
}

import { MongoBulkWriteError } from 'mongodb';
import type { CustomerEventStore, StoredCustomerEvent } from '../domain/customer-event.ts';
import type { Database } from './database.ts';
import { type CustomerEventDocument, recordKey } from './documents.ts';
import { withMongo } from './mongo-error.ts';

const duplicateKey = 11_000;

/** Keeps customer events in MongoDB; of those with the same id, the one that Kafka took last. */
export function createCustomerEventStore(database: Pick<Database, 'customerEvents'>): CustomerEventStore {
  return {
    async save(events) {
      if (events.length > 0) await withMongo(() => write(database, events));
    },
  };
}

async function write(
  { customerEvents }: Pick<Database, 'customerEvents'>,
  events: readonly StoredCustomerEvent[],
): Promise<void> {
  const newest = new Map<string, StoredCustomerEvent>();
  for (const event of events) {
    const rival = newest.get(recordKey(event));
    // Times in RFC 3339 and UTC with milliseconds are in order as text.
    if (rival === undefined || rival.receivedAt <= event.receivedAt) newest.set(recordKey(event), event);
  }
  const operations = [...newest].map(([_id, event]) => {
    const { id, occurredAt, receivedAt, ...kept } = event;
    const times = { occurredAt: new Date(occurredAt), receivedAt: new Date(receivedAt) };
    const replacement: Omit<CustomerEventDocument, '_id'> = { ...kept, ...times };
    // An event newer than this one does not match the filter, and inserting collides with it.
    return { replaceOne: { filter: { _id, receivedAt: { $lte: times.receivedAt } }, replacement, upsert: true } };
  });
  try {
    await customerEvents.bulkWrite(operations, { ordered: false });
  } catch (error) {
    const onlyOlder =
      error instanceof MongoBulkWriteError && [error.writeErrors].flat().every(({ code }) => code === duplicateKey);
    if (!onlyOlder) throw error;
  }
}

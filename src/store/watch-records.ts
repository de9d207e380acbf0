import type { ChangeStreamDocument } from 'mongodb';
import type { EnrichedRecord } from '../domain/record.ts';
import type { Database } from './database.ts';
import { fromDocument, type RecordDocument } from './documents.ts';

/** A live view of records as they are stored. */
export interface RecordWatch {
  close(): Promise<void>;
}

/**
 * Calls back with each record stored from now on, in the order of storing, through a change stream. Resolves once the
 * stream is open: nothing stored after that is missed.
 */
export async function watchRecords(
  { records }: Database,
  onRecord: (record: EnrichedRecord) => void,
  onError: (error: unknown) => void,
): Promise<RecordWatch> {
  const stream = records.watch([{ $match: { operationType: { $in: ['insert', 'replace'] } } }], {
    fullDocument: 'updateLookup',
  });
  const show = (change: ChangeStreamDocument<RecordDocument> | null) => {
    if (change !== null && 'fullDocument' in change && change.fullDocument) onRecord(fromDocument(change.fullDocument));
  };
  show(await stream.tryNext());
  let closed = false;
  const follow = async () => {
    for await (const change of stream) show(change);
  };
  const following = follow().catch((error: unknown) => {
    if (!closed) onError(error);
  });
  return {
    close: async () => {
      closed = true;
      await stream.close();
      await following;
    },
  };
}

import { type AnyBulkWriteOperation, BSON, type Collection, MongoBulkWriteError } from 'mongodb';
import { DependencyError } from '../domain/dependency-error.ts';
import type { EnrichedRecord } from '../domain/record.ts';
import type { RecordStore, SaveResult } from '../domain/record-store.ts';
import type { Database } from './database.ts';
import { hourOf, type RecordDocument, toDocument } from './documents.ts';
import { withMongo } from './mongo-error.ts';
import { settleNearDuplicates } from './near-duplicates.ts';
import { markStale } from './rollups.ts';

const duplicateKey = 11_000;
const mostRounds = 10;
/** Room for the filter of an update and for the hours of earlier revisions; MongoDB allows itself as much. */
const reservedBytes = 16_384;

/** What of a stored record decides what saving another one under its key means. */
type StoredState = Pick<
  RecordDocument,
  | '_id'
  | 'revision'
  | 'occurredAt'
  | 'receivedAt'
  | 'text'
  | 'earlierHours'
  | 'bands'
  | 'duplicateOf'
  | 'duplicateAt'
  | 'settled'
>;

/**
 * A record store over MongoDB. The records are written first, then their hours are marked for the roll-ups; both may
 * be repeated after a fault at any point, because a record is only ever replaced by one that is not older and names
 * every other hour in which it was counted. Between the two it is decided which records are near-duplicates of others.
 */
export function createRecordStore(database: Database): RecordStore {
  return { save: (records) => withMongo(() => save(database, records)) };
}

async function save(database: Database, records: readonly EnrichedRecord[]): Promise<SaveResult[]> {
  const documents = records.map(toDocument);
  const mostBytes = database.maxDocumentBytes - reservedBytes;
  const tooLarge = new Set(documents.filter((document) => BSON.calculateObjectSize(document) > mostBytes));
  const changes = await writeAll(database.records, newestByKey(documents.filter((one) => !tooLarge.has(one))));
  const written = [...changes.values()].flatMap(({ written }) => written ?? []);
  const touched = await settleNearDuplicates(database.records, written);
  await markStale(
    database.rollups,
    [...written, ...touched].flatMap(({ tenant, occurredAt, earlierHours = [] }) =>
      [hourOf(occurredAt), ...earlierHours].map((hour) => ({ tenant, hour })),
    ),
  );
  return documents.map((document) => {
    if (tooLarge.has(document)) return 'too-large';
    const change = changes.get(document._id);
    return change === undefined || change.wanted !== document ? 'superseded' : change.result;
  });
}

/** Of documents under one key only the newest counts; of equally new ones the last. */
function newestByKey(documents: readonly RecordDocument[]): RecordDocument[] {
  const newest = new Map<string, RecordDocument>();
  for (const document of documents) {
    const rival = newest.get(document._id);
    if (rival === undefined || compareAge(document, rival) >= 0) newest.set(document._id, document);
  }
  return [...newest.values()];
}

function compareAge(a: StoredState, b: StoredState): number {
  return (
    a.revision - b.revision ||
    a.occurredAt.getTime() - b.occurredAt.getTime() ||
    a.receivedAt.getTime() - b.receivedAt.getTime()
  );
}

interface Change {
  readonly wanted: RecordDocument;
  readonly result: SaveResult;
  readonly written?: RecordDocument;
}

/**
 * Writes documents with distinct keys under optimistic concurrency: each replaces exactly the state that was read,
 * and those that another writer overtook are read and decided anew.
 */
async function writeAll(
  collection: Collection<RecordDocument>,
  documents: readonly RecordDocument[],
): Promise<Map<string, Change>> {
  const changes = new Map<string, Change>();
  let open = documents;
  for (let round = 0; open.length > 0; round++) {
    if (round === mostRounds) {
      throw new DependencyError('mongodb', 'transient', `other writers keep changing the same ${open.length} records`);
    }
    const stored = await readStates(collection, open);
    const decided = open.map((wanted) => decide(wanted, stored.get(wanted._id)));
    const overtaken = await write(
      collection,
      decided.flatMap(({ written }) => (written ? [{ written, stored: stored.get(written._id) }] : [])),
    );
    for (const change of decided) if (!overtaken.has(change.wanted._id)) changes.set(change.wanted._id, change);
    open = open.filter(({ _id }) => overtaken.has(_id));
  }
  return changes;
}

async function readStates(
  collection: Collection<RecordDocument>,
  documents: readonly RecordDocument[],
): Promise<Map<string, StoredState>> {
  const found = await collection
    .find({ _id: { $in: documents.map(({ _id }) => _id) } })
    .project<StoredState>({
      revision: 1,
      occurredAt: 1,
      receivedAt: 1,
      text: 1,
      earlierHours: 1,
      bands: 1,
      duplicateOf: 1,
      duplicateAt: 1,
      settled: 1,
    })
    .toArray();
  return new Map(found.map((state) => [state._id, state]));
}

function decide(wanted: RecordDocument, stored: StoredState | undefined): Change {
  if (stored === undefined) return { wanted, result: 'created', written: wanted };
  if (compareAge(wanted, stored) < 0) return { wanted, result: 'superseded' };
  const same = stored.text === wanted.text && stored.occurredAt.getTime() === wanted.occurredAt.getTime();
  return {
    wanted,
    result: same ? 'repeated' : 'revised',
    written: withEarlierHours(withEarlierBands(wanted, stored), stored),
  };
}

/** Keeps what is known of near-duplicates, and where those of earlier revisions are found, until it is decided anew. */
function withEarlierBands(document: RecordDocument, stored: StoredState): RecordDocument {
  const { duplicateOf, duplicateAt, settled } = stored;
  const bands = [...new Set([...(document.bands ?? []), ...(stored.bands ?? [])])];
  return {
    ...document,
    ...(bands.length > 0 && { bands }),
    ...(duplicateOf !== undefined && { duplicateOf }),
    ...(duplicateAt !== undefined && { duplicateAt }),
    ...(settled !== undefined && { settled }),
  };
}

/** Remembers in which other hours the record was counted, so that they are recounted even after a fault. */
function withEarlierHours(document: RecordDocument, stored: StoredState): RecordDocument {
  const now = hourOf(document.occurredAt).getTime();
  const times = [hourOf(stored.occurredAt), ...(stored.earlierHours ?? [])].map((hour) => hour.getTime());
  const earlier = [...new Set(times)].filter((time) => time !== now);
  return earlier.length === 0 ? document : { ...document, earlierHours: earlier.map((time) => new Date(time)) };
}

/** Returns the keys whose stored state was no longer the one that was read. */
async function write(
  collection: Collection<RecordDocument>,
  writes: readonly { written: RecordDocument; stored: StoredState | undefined }[],
): Promise<Set<string>> {
  if (writes.length === 0) return new Set();
  const operations = writes.map(({ written, stored }): AnyBulkWriteOperation<RecordDocument> => {
    if (stored === undefined) return { insertOne: { document: written } };
    const { _id, revision, occurredAt, receivedAt } = stored;
    const { _id: key, ...replacement } = written;
    // With upsert, a filter that no longer matches collides with the record that is there instead of doing nothing.
    return { replaceOne: { filter: { _id, revision, occurredAt, receivedAt }, replacement, upsert: true } };
  });
  try {
    await collection.bulkWrite(operations, { ordered: false });
    return new Set();
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const faults = [error.writeErrors].flat();
    const overtaken = faults.filter(({ code }) => code === duplicateKey);
    if (overtaken.length === 0 || overtaken.length < faults.length) throw error;
    return new Set(overtaken.flatMap(({ index }) => writes[index]?.written._id ?? []));
  }
}

import { randomUUID } from 'node:crypto';
import type { Collection, Filter } from 'mongodb';
import { DependencyError } from '../domain/dependency-error.ts';
import { areNearDuplicates, comparedWords } from '../insight/resemblance.ts';
import type { RecordDocument } from './documents.ts';

/** A copy is one of something said at most this long before it. */
const windowMs = 30 * 24 * 3_600_000;
const mostRounds = 20;
/** Records that share a band are looked through in their order up to this many; all but few resemble each other. */
const mostCandidates = 50;

/** What of a stored record decides whether it is a copy, and what is known of that. */
type Compared = Pick<
  RecordDocument,
  '_id' | 'id' | 'tenant' | 'customer' | 'text' | 'occurredAt' | 'bands' | 'duplicateOf' | 'duplicateAt' | 'settled'
>;
const comparedFields = {
  id: 1,
  tenant: 1,
  customer: 1,
  text: 1,
  occurredAt: 1,
  bands: 1,
  duplicateOf: 1,
  duplicateAt: 1,
  settled: 1,
} as const;

/**
 * Brings `duplicateOf` of records that were just written, and of those that they may change, in line with what is
 * stored: the first record (by time, then by id) of the same tenant within 30 days before that says the same with small
 * edits, and is by the same customer or, as this one, by nobody known. So it is a function of what is stored, whatever
 * the order of arrival.
 *
 * May be repeated after a fault at any point, and several workers may do it at once: every decision is written against
 * the state it was made on, and whoever writes a record decides after it.
 *
 * @returns the records whose hours have to be counted again
 */
export async function settleNearDuplicates(
  collection: Collection<RecordDocument>,
  written: readonly RecordDocument[],
): Promise<Pick<RecordDocument, 'tenant' | 'occurredAt'>[]> {
  const touched: Compared[] = [];
  for (const record of await suspects(collection, written)) {
    await settle(collection, record._id);
    for await (const later of collection.find(mayCopy(record)).project<Compared>(comparedFields)) {
      await settle(collection, later._id);
      touched.push(later);
    }
  }
  return touched;
}

/** Those of the written records that have anything to do with another record. Mostly none, which one query tells. */
async function suspects(
  collection: Collection<RecordDocument>,
  written: readonly RecordDocument[],
): Promise<readonly RecordDocument[]> {
  const compared = written.filter(({ bands = [] }) => bands.length > 0);
  if (compared.length === 0) return written.filter(({ duplicateOf }) => duplicateOf !== undefined);
  const bands = compared.flatMap((record) => record.bands ?? []);
  const limit = compared.length * 4 + 100;
  const found = await collection
    .find({ bands: { $in: bands } })
    .project<Pick<RecordDocument, '_id' | 'bands'>>({ bands: 1 })
    .limit(limit)
    .toArray();
  const owners = new Map<string, number>();
  for (const band of found.flatMap((record) => record.bands ?? [])) owners.set(band, (owners.get(band) ?? 0) + 1);
  return written.filter(
    ({ bands: own = [], duplicateOf }) =>
      duplicateOf !== undefined ||
      (own.length > 0 && found.length === limit) ||
      own.some((band) => (owners.get(band) ?? 0) > 1),
  );
}

/** Later records that may be copies of this one or of what it was before, but not of something earlier still. */
function mayCopy({ id, bands = [], occurredAt, earlierHours = [] }: RecordDocument): Filter<RecordDocument> {
  const since = new Date(Math.min(...[occurredAt, ...earlierHours].map((time) => time.getTime())));
  return {
    bands: { $in: [...bands] },
    occurredAt: { $gte: since },
    id: { $ne: id },
    $or: [{ duplicateOf: { $exists: false } }, { duplicateAt: { $gte: since } }, { duplicateOf: id }],
  };
}

async function settle(collection: Collection<RecordDocument>, _id: string): Promise<void> {
  for (let round = 0; round < mostRounds; round++) {
    // Read before the candidates: what changes after this makes the write fail.
    const record = await collection.findOne<Compared>({ _id }, { projection: comparedFields });
    if (record === null) return;
    const first = await firstLike(collection, record);
    const settled = randomUUID();
    const { matchedCount } = await collection.updateOne(
      { _id, occurredAt: record.occurredAt, text: record.text, settled: record.settled ?? { $exists: false } },
      first === undefined
        ? { $set: { settled }, $unset: { duplicateOf: '', duplicateAt: '' } }
        : { $set: { settled, duplicateOf: first.id, duplicateAt: first.occurredAt } },
    );
    if (matchedCount === 1) return;
  }
  throw new DependencyError('mongodb', 'transient', 'other writers keep changing the same near-duplicates');
}

async function firstLike(
  collection: Collection<RecordDocument>,
  { _id, id, text, occurredAt, bands = [], tenant, customer }: Compared,
): Promise<Compared | undefined> {
  const words = comparedWords(text);
  if (words === undefined) return undefined;
  const candidates = collection
    .find({
      bands: { $in: [...bands] },
      occurredAt: { $gte: new Date(occurredAt.getTime() - windowMs), $lte: occurredAt },
    })
    .sort({ occurredAt: 1, id: 1 })
    .limit(mostCandidates)
    .batchSize(5)
    .project<Compared>(comparedFields);
  for await (const candidate of candidates) {
    const isBefore = candidate.occurredAt < occurredAt || candidate.id < id;
    if (candidate._id === _id || !isBefore || candidate.tenant !== tenant || candidate.customer !== customer) continue;
    const other = comparedWords(candidate.text);
    if (other !== undefined && areNearDuplicates(words, other)) return candidate;
  }
  return undefined;
}

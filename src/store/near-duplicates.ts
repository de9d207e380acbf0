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
): Promise<Pick<RecordDocument, 'tenant' | 'occurredAt' | 'earlierHours'>[]> {
  const open = await suspects(collection, written);
  if (open.length === 0) return [];
  const around = await Promise.all(open.map((record) => neighbours(collection, record)));
  const decisions = open.map((record, index) => decision(record, firstLike(record, around[index] ?? [])));
  const { matchedCount } = await collection.bulkWrite(
    decisions.map((updateOne) => ({ updateOne })),
    { ordered: false },
  );
  if (matchedCount < open.length) for (const { _id } of open) await settle(collection, _id);
  const decided = new Set(open.map(({ _id }) => _id));
  const touched = new Map<string, Compared>();
  for (const [index, record] of open.entries()) {
    for (const later of await laterThan(collection, record, around[index] ?? [])) {
      if (!decided.has(later._id)) touched.set(later._id, later);
    }
  }
  for (const _id of touched.keys()) await settle(collection, _id);
  return [...touched.values()];
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

async function laterThan(
  collection: Collection<RecordDocument>,
  record: RecordDocument,
  around: readonly Compared[],
): Promise<readonly Compared[]> {
  const isComplete = around.length < mostCandidates && record.earlierHours === undefined;
  if (isComplete) return around.filter((other) => couldCopy(other, record));
  return await collection.find(mayCopy(record)).project<Compared>(comparedFields).toArray();
}

/** The same of records that share a band, for one that was never at another time. */
function couldCopy({ id, occurredAt, duplicateOf, duplicateAt }: Compared, record: RecordDocument): boolean {
  if (id === record.id || occurredAt < record.occurredAt) return false;
  return duplicateOf === undefined || duplicateOf === record.id || (duplicateAt ?? occurredAt) >= record.occurredAt;
}

async function settle(collection: Collection<RecordDocument>, _id: string): Promise<void> {
  for (let round = 0; round < mostRounds; round++) {
    // Read before its neighbours: what changes after this makes the decision fail.
    const record = await collection.findOne<Compared>({ _id }, { projection: comparedFields });
    if (record === null) return;
    const { filter, update } = decision(record, firstLike(record, await neighbours(collection, record)));
    if ((await collection.updateOne(filter, update)).matchedCount === 1) return;
  }
  throw new DependencyError('mongodb', 'transient', 'other writers keep changing the same near-duplicates');
}

/** Writes what a record is a copy of, if it is still as it was read; even if that is not new, so that others notice. */
function decision({ _id, occurredAt, text, settled }: Compared, first: Compared | undefined) {
  const named = { settled: randomUUID() };
  return {
    filter: { _id, occurredAt, text, settled: settled ?? { $exists: false } } satisfies Filter<RecordDocument>,
    update:
      first === undefined
        ? { $set: named, $unset: { duplicateOf: true, duplicateAt: true } as const }
        : { $set: { ...named, duplicateOf: first.id, duplicateAt: first.occurredAt } },
  };
}

/** Records that share a band with this one, itself among them, from 30 days before it on, the first ones in order. */
function neighbours(
  collection: Collection<RecordDocument>,
  { bands = [], occurredAt }: Compared,
): Promise<readonly Compared[]> {
  return collection
    .find({ bands: { $in: [...bands] }, occurredAt: { $gte: new Date(occurredAt.getTime() - windowMs) } })
    .sort({ occurredAt: 1, id: 1 })
    .limit(mostCandidates)
    .project<Compared>(comparedFields)
    .toArray();
}

function firstLike(record: Compared, around: readonly Compared[]): Compared | undefined {
  const words = comparedWords(record.text);
  if (words === undefined) return undefined;
  return around.find(({ _id, id, text, occurredAt, tenant, customer }) => {
    if (occurredAt > record.occurredAt || (occurredAt >= record.occurredAt && id >= record.id)) return false;
    if (_id === record._id || tenant !== record.tenant || customer !== record.customer) return false;
    const other = comparedWords(text);
    return other !== undefined && areNearDuplicates(words, other);
  });
}

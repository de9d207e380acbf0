import type { Versions } from '../domain/analysis.ts';
import type { EnrichedRecord } from '../domain/record.ts';
import type { RecordPublisher } from '../domain/record-store.ts';
import type { Database } from './database.ts';
import { fromDocument, hourOf, type RecordDocument, toDocument } from './documents.ts';
import { withMongo } from './mongo-error.ts';
import { markStale } from './rollups.ts';

/** A stored record and what it is to become: the same feedback, analysed anew. */
export interface Rewrite {
  readonly stored: RecordDocument;
  readonly record: EnrichedRecord;
}

/**
 * Replaces records that are still the ones that were read, announces their hours to the roll-ups and publishes them.
 * What is in hand is written down first: no message comes again from Kafka to repeat what a crash left undone.
 *
 * @param id names this rewrite; the same again when it is repeated after a fault, which is harmless
 * @returns for each whether it was replaced; where not, somebody has stored another record meanwhile
 * @throws DependencyError; `finishRewrites` completes what was begun if it is not repeated
 */
export async function rewriteRecords(
  database: Database,
  publisher: RecordPublisher,
  id: string,
  rewrites: readonly Rewrite[],
): Promise<boolean[]> {
  if (rewrites.length === 0) return [];
  const replaced = await withMongo(async () => {
    const records = rewrites.map(({ stored }) => stored._id);
    await database.rewrites.replaceOne({ _id: id }, { records }, { upsert: true });
    return await Promise.all(rewrites.map((rewrite) => replace(database, rewrite)));
  });
  const written = rewrites.filter((_, index) => replaced[index]);
  await announce(
    database,
    publisher,
    written.map(({ record }) => record),
  );
  await withMongo(() => database.rewrites.deleteOne({ _id: id }));
  return replaced;
}

/**
 * Announces and publishes what earlier rewrites had in hand when they died. Harmless for one that is still at work.
 *
 * @throws DependencyError
 */
export async function finishRewrites(database: Database, publisher: RecordPublisher): Promise<void> {
  const unfinished = await withMongo(() => database.rewrites.find().toArray());
  for (const { _id, records } of unfinished) {
    const stored = await withMongo(() => database.records.find({ _id: { $in: [...records] } }).toArray());
    await announce(database, publisher, stored.map(fromDocument));
    await withMongo(() => database.rewrites.deleteOne({ _id }));
  }
}

async function replace({ records }: Database, { stored, record }: Rewrite): Promise<boolean> {
  const { _id, revision, occurredAt, receivedAt, earlierHours, duplicateAt, settled } = stored;
  const { _id: key, ...replacement } = toDocument(record);
  const bands = [...new Set([...(replacement.bands ?? []), ...(stored.bands ?? [])])];
  const { matchedCount } = await records.replaceOne(
    // The new versions match as well: then this is the rewrite itself, repeated.
    {
      _id,
      revision,
      occurredAt,
      receivedAt,
      settled: settled ?? { $exists: false },
      $or: [stored.provenance, record.provenance].map(withVersions),
    },
    {
      ...replacement,
      ...(earlierHours !== undefined && { earlierHours }),
      ...(bands.length > 0 && { bands }),
      ...(duplicateAt !== undefined && { duplicateAt }),
      ...(settled !== undefined && { settled }),
    },
  );
  return matchedCount === 1;
}

function withVersions({ model, taxonomy, lexicon, dictionary, pipeline }: Versions) {
  return {
    'provenance.model': model,
    'provenance.taxonomy': taxonomy,
    'provenance.lexicon': lexicon,
    'provenance.dictionary': dictionary,
    'provenance.pipeline': pipeline,
  };
}

async function announce(
  database: Database,
  publisher: RecordPublisher,
  records: readonly EnrichedRecord[],
): Promise<void> {
  const hours = records.map(({ tenant, occurredAt }) => ({ tenant, hour: hourOf(new Date(occurredAt)) }));
  await withMongo(() => markStale(database.rollups, hours));
  await publisher.publish(records);
}

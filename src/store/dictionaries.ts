import { MongoServerError } from 'mongodb';
import { DependencyError } from '../domain/dependency-error.ts';
import type { DictionaryContent, TenantDictionary } from '../domain/dictionary.ts';
import type { Database } from './database.ts';
import type { DictionaryDocument } from './documents.ts';
import { withMongo } from './mongo-error.ts';

/** One version of a tenant's dictionary without its words. */
export type DictionaryVersion = Pick<DictionaryDocument, 'tenant' | 'version' | 'by' | 'at' | 'from'> & {
  readonly wordCount: number;
  readonly synonymCount: number;
};

const duplicateKey = 11_000;
const mostRounds = 10;

/**
 * Adds a version of a tenant's dictionary, which from then on is the one in use. Versions are never changed: the newest
 * one counts.
 *
 * @param from the earlier version that this one repeats
 * @returns the version
 * @throws DependencyError
 */
export function addDictionary(
  database: Database,
  tenant: string,
  { words, synonyms }: DictionaryContent,
  { by, from }: { readonly by: string; readonly from?: number },
): Promise<number> {
  return withMongo(async () => {
    for (let round = 0; round < mostRounds; round++) {
      const version = ((await newest(database, tenant))?.version ?? 0) + 1;
      const _id = `${tenant}/${version}`;
      const at = await database.now();
      try {
        await database.dictionaries.insertOne({
          _id,
          tenant,
          version,
          words: words.map(({ word, reading }) => (reading === undefined ? { word } : { word, reading })),
          synonyms,
          by,
          at,
          ...(from !== undefined && { from }),
        });
        return version;
      } catch (error) {
        // Somebody else has added one meanwhile; this one comes behind it.
        if (!(error instanceof MongoServerError && error.code === duplicateKey)) throw error;
      }
    }
    throw new DependencyError('mongodb', 'transient', `others keep adding dictionaries of ${tenant}`);
  });
}

/** A version of a tenant's dictionary, the newest unless told; undefined where there is none. Throws DependencyError. */
export function readDictionary(
  database: Database,
  tenant: string,
  version?: number,
): Promise<TenantDictionary | undefined> {
  return withMongo(async () => {
    const found =
      version === undefined
        ? await newest(database, tenant)
        : await database.dictionaries.findOne({ _id: `${tenant}/${version}` });
    if (found === null) return undefined;
    return { tenant, version: found.version, words: found.words, synonyms: found.synonyms };
  });
}

/** All versions of a tenant's dictionary, the newest first. Throws DependencyError. */
export function listDictionaries({ dictionaries }: Database, tenant: string): Promise<DictionaryVersion[]> {
  return withMongo(async () => {
    const found = await dictionaries.find({ tenant }).sort({ version: -1 }).toArray();
    return found.map(({ _id, words, synonyms, ...rest }) => ({
      ...rest,
      wordCount: words.length,
      synonymCount: synonyms.length,
    }));
  });
}

/** The version in use of every tenant that has a dictionary. Throws DependencyError. */
export function dictionaryVersions({ dictionaries }: Database): Promise<ReadonlyMap<string, number>> {
  return withMongo(async () => {
    const found = await dictionaries
      .aggregate<{ _id: string; version: number }>([{ $group: { _id: '$tenant', version: { $max: '$version' } } }])
      .toArray();
    return new Map(found.map(({ _id, version }) => [_id, version]));
  });
}

function newest({ dictionaries }: Database, tenant: string): Promise<DictionaryDocument | null> {
  return dictionaries.findOne({ tenant }, { sort: { version: -1 } });
}

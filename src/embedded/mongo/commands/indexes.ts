import { identical } from '../bson/compare.ts';
import { Doc, docOf } from '../bson/doc.ts';
import { listSource } from '../cursors.ts';
import { MongoFault } from '../errors.ts';
import type { Index } from '../index/index.ts';
import { type IndexSpec, parseIndexSpec } from '../index/index-spec.ts';
import type { Collection } from '../storage/collection.ts';
import {
  type Commands,
  collectionName,
  countField,
  databaseOf,
  docField,
  docsField,
  readCollection,
} from './command.ts';

/** https://www.mongodb.com/docs/manual/reference/command/createIndexes/, dropIndexes/ and listIndexes/ */
export const indexCommands: Commands = {
  createIndexes: {
    fields: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions'],
    run(command, { store }) {
      const specs = docsField(command, 'indexes').map(parseIndexSpec);
      const database = databaseOf(command);
      const name = collectionName(command, 'createIndexes');
      const createdCollectionAutomatically = store.find(database, name) === undefined;
      const collection = store.require(database, name);
      const numIndexesBefore = collection.indexes.length;
      for (const spec of specs) {
        if (isThere(collection, spec)) continue;
        // Built once before it gets into the log, so that documents which contradict it refuse it.
        const index = collection.buildIndex(spec);
        store.define(docOf({ op: 'index', ns: collection.ns, o: index.describe() }));
      }
      const numIndexesAfter = collection.indexes.length;
      const note = numIndexesAfter === numIndexesBefore ? 'all indexes already exist' : undefined;
      return docOf({ numIndexesBefore, numIndexesAfter, createdCollectionAutomatically, note, ok: 1 });
    },
  },
  dropIndexes: {
    fields: ['index'],
    run(command, context) {
      const collection = existing(command, 'dropIndexes', readCollection(command, 'dropIndexes', context));
      const nIndexesWas = collection.indexes.length;
      for (const { spec } of chosen(collection, command.index)) {
        if (spec.name === '_id_') throw new MongoFault(72, 'cannot drop _id index');
        context.store.define(docOf({ op: 'dropIndex', ns: collection.ns, name: spec.name }));
      }
      return docOf({ nIndexesWas, ok: 1 });
    },
  },
  listIndexes: {
    fields: ['cursor'],
    run(command, context) {
      const collection = existing(command, 'listIndexes', readCollection(command, 'listIndexes', context));
      const batchSize = countField(docField(command, 'cursor', new Doc()), 'batchSize', 101);
      const all = collection.indexes.map((index) => index.describe());
      return context.cursors.first(collection.ns, listSource(all), batchSize);
    },
  },
};

function existing(command: Doc, name: string, collection: Collection | undefined): Collection {
  if (collection !== undefined) return collection;
  throw new MongoFault(26, `ns does not exist: ${databaseOf(command)}.${collectionName(command, name)}`);
}

/** True when the same index exists; throws 85 or 86 when another has its keys or its name. */
function isThere(collection: Collection, spec: IndexSpec): boolean {
  if (identical(spec.pattern, collection.idIndex.spec.pattern)) return true;
  for (const index of collection.indexes) {
    if (index.sameAs(spec)) return true;
    if (index.spec.name === spec.name) {
      throw new MongoFault(86, `An existing index has the same name as the requested index: ${spec.name}`);
    }
    const samePartial = identical(index.spec.partial?.filter, spec.partial?.filter);
    if (identical(index.spec.pattern, spec.pattern) && samePartial) {
      throw new MongoFault(85, `Index already exists with a different name or options: ${index.spec.name}`);
    }
  }
  return false;
}

function chosen(collection: Collection, wanted: unknown): Index[] {
  if (wanted === '*') return collection.indexes.filter((index) => index !== collection.idIndex);
  const list = Array.isArray(wanted) ? wanted : [wanted];
  return list.map((item) => {
    const found = collection.indexes.find(({ spec }) => spec.name === item || identical(spec.pattern, item));
    if (found !== undefined) return found;
    throw new MongoFault(27, `index not found with name [${String(item)}]`);
  });
}

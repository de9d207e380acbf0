import { identical } from '../bson/compare.ts';
import { Doc, docOf, shallowCopy } from '../bson/doc.ts';
import { listSource } from '../cursors.ts';
import { MongoFault, unsupported } from '../errors.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { Collection } from '../storage/collection.ts';
import {
  type Commands,
  collectionName,
  countField,
  databaseOf,
  docField,
  flagField,
  readCollection,
} from './command.ts';

const validation = ['validator', 'validationLevel', 'validationAction'];

function validationOf(command: Doc): Doc {
  const options = new Doc();
  for (const option of validation) if (command[option] !== undefined) options[option] = command[option];
  return options;
}

function missingNamespace(command: Doc, name: string): MongoFault {
  return new MongoFault(26, `ns not found ${databaseOf(command)}.${collectionName(command, name)}`);
}

/** https://www.mongodb.com/docs/manual/reference/command/nav-administration/: databases and collections. */
export const catalogCommands: Commands = {
  create: {
    fields: [...validation, 'capped', 'size', 'max', 'viewOn', 'pipeline', 'timeseries', 'collation', 'clusteredIndex'],
    run(command, { store }) {
      for (const field of ['capped', 'viewOn', 'timeseries', 'clusteredIndex']) {
        if (command[field] !== undefined && command[field] !== false) throw unsupported(`create with '${field}'`);
      }
      const database = databaseOf(command);
      const name = collectionName(command, 'create');
      const options = validationOf(command);
      const existing = store.find(database, name);
      if (existing !== undefined) {
        if (identical(existing.options, options)) return docOf({ ok: 1 });
        throw new MongoFault(48, `Collection ${database}.${name} already exists.`);
      }
      // Reads the validator, so that a wrong one is refused before it gets into the log.
      new Collection(database, name, options);
      store.define(docOf({ op: 'create', ns: `${database}.${name}`, o: options }));
      return docOf({ ok: 1 });
    },
  },
  collMod: {
    fields: validation,
    run(command, context) {
      const collection = readCollection(command, 'collMod', context);
      if (collection === undefined) throw missingNamespace(command, 'collMod');
      const options = Object.assign(shallowCopy(collection.options), validationOf(command));
      new Collection(collection.database, collection.name, options);
      context.store.define(docOf({ op: 'collMod', ns: collection.ns, o: options }));
      return docOf({ ok: 1 });
    },
  },
  drop: {
    fields: [],
    run(command, context) {
      const collection = readCollection(command, 'drop', context);
      if (collection === undefined) return docOf({ ok: 1 });
      context.store.define(docOf({ op: 'drop', ns: collection.ns }));
      return docOf({ nIndexesWas: collection.indexes.length, ns: collection.ns, ok: 1 });
    },
  },
  dropDatabase: {
    fields: [],
    run(command, { store }) {
      const database = databaseOf(command);
      for (const { ns } of [...(store.databases.get(database)?.values() ?? [])])
        store.define(docOf({ op: 'drop', ns }));
      store.define(docOf({ op: 'dropDatabase', ns: `${database}.` }));
      return docOf({ dropped: database, ok: 1 });
    },
  },
  listCollections: {
    fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
    run(command, { store, cursors }) {
      const database = databaseOf(command);
      const matches = compileFilter(docField(command, 'filter', new Doc()));
      const nameOnly = flagField(command, 'nameOnly');
      const all = [...(store.databases.get(database)?.values() ?? [])].map(({ name, options, idIndex }) =>
        docOf({
          name,
          type: 'collection',
          options: nameOnly ? undefined : options,
          info: nameOnly ? undefined : docOf({ readOnly: false }),
          idIndex: nameOnly ? undefined : idIndex.describe(),
        }),
      );
      const batchSize = countField(docField(command, 'cursor', new Doc()), 'batchSize', 101);
      return cursors.first(`${database}.$cmd.listCollections`, listSource(all.filter(matches)), batchSize);
    },
  },
  listDatabases: {
    fields: ['filter', 'nameOnly', 'authorizedDatabases'],
    run(command, { store }) {
      const matches = compileFilter(docField(command, 'filter', new Doc()));
      const databases = [...store.databases].map(([name, collections]) => {
        const sizeOnDisk = [...collections.values()].reduce((sum, { bytes }) => sum + bytes, 0);
        return docOf({ name, sizeOnDisk, empty: sizeOnDisk === 0 });
      });
      const shown = databases.filter(matches);
      if (flagField(command, 'nameOnly')) return docOf({ databases: shown.map(({ name }) => docOf({ name })), ok: 1 });
      const totalSize = shown.reduce((sum, { sizeOnDisk }) => sum + Number(sizeOnDisk), 0);
      return docOf({ databases: shown, totalSize, ok: 1 });
    },
  },
};

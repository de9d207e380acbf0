import { Long } from 'bson';
import { Doc, docOf } from '../bson/doc.ts';
import { wholeNumber } from '../bson/numbers.ts';
import { listSource } from '../cursors.ts';
import { MongoFault } from '../errors.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { findRecords, type Query } from '../query/find-records.ts';
import { compileProjection, type Transform } from '../query/projection.ts';
import { parseSort } from '../query/sort.ts';
import {
  type CommandContext,
  type Commands,
  collectionName,
  countField,
  databaseOf,
  docField,
  flagField,
  letScope,
  readCollection,
  refuseSet,
} from './command.ts';

/** https://www.mongodb.com/docs/manual/reference/command/find/, getMore/ and killCursors/ */
export const findCommands: Commands = {
  find: {
    fields: [
      ...['filter', 'sort', 'projection', 'hint', 'skip', 'limit', 'batchSize', 'singleBatch', 'let', 'collation'],
      ...['allowDiskUse', 'noCursorTimeout', 'allowPartialResults', 'oplogReplay'],
      ...['tailable', 'awaitData', 'min', 'max', 'returnKey', 'showRecordId'],
    ],
    run: runFind,
  },
  getMore: {
    fields: ['collection', 'batchSize'],
    run(command, context) {
      if (!(command.getMore instanceof Long)) throw new MongoFault(14, "BSON field 'getMore.getMore' must be a long");
      const ns = `${databaseOf(command)}.${String(command.collection)}`;
      const waitMs = countField(command, 'maxTimeMS', 1000);
      const batchSize = countField(command, 'batchSize', 0);
      return context.cursors.more(command.getMore, ns, batchSize, waitMs, context.signal);
    },
  },
  killCursors: {
    fields: ['cursors'],
    run(command, { cursors }) {
      const ids = Array.isArray(command.cursors) ? command.cursors : [];
      const known = ids.map((id) => id instanceof Long && cursors.kill(id));
      return docOf({
        cursorsKilled: ids.filter((_, at) => known[at]),
        cursorsNotFound: ids.filter((_, at) => !known[at]),
        cursorsAlive: [],
        cursorsUnknown: [],
        ok: 1,
      });
    },
  },
};

/** Reads the query of a `find` command and of the commands that look like one. */
export function parseFind(command: Doc): { query: Query; project: Transform | undefined } {
  refuseSet(command, 'tailable', 'awaitData', 'min', 'max', 'returnKey', 'showRecordId');
  const scope = letScope(command);
  const filter = docField(command, 'filter', new Doc());
  const projection = docField(command, 'projection', new Doc());
  const limit = wholeNumber(command.limit ?? 0);
  if (limit === undefined || limit < 0) throw new MongoFault(2, `Limit value must be a non-negative whole number`);
  return {
    query: {
      filter,
      matches: compileFilter(filter, scope),
      sort: parseSort(command.sort),
      skip: countField(command, 'skip', 0),
      limit,
      hint: command.hint,
    },
    project: Object.keys(projection).length === 0 ? undefined : compileProjection(projection, scope, true),
  };
}

function runFind(command: Doc, context: CommandContext): Doc {
  const { query, project } = parseFind(command);
  const ns = `${databaseOf(command)}.${collectionName(command, 'find')}`;
  const collection = readCollection(command, 'find', context);
  const records = collection === undefined ? [] : findRecords(collection, query).records;
  // The documents as they are now: a later write replaces a record's document and does not reach this list.
  const docs = records.map((record) => record.doc);
  const single = flagField(command, 'singleBatch');
  return context.cursors.first(ns, listSource(mapped(docs, project)), countField(command, 'batchSize', 101), single);
}

function* mapped(docs: readonly Doc[], project: Transform | undefined): Generator<Doc> {
  for (const doc of docs) yield project === undefined ? doc : project(doc);
}

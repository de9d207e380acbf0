import type { Scope } from '../aggregate/expressions/scope.ts';
import { identical } from '../bson/compare.ts';
import { Doc, docOf } from '../bson/doc.ts';
import { MongoFault, unsupported } from '../errors.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { findRecords } from '../query/find-records.ts';
import { parseSort } from '../query/sort.ts';
import type { Collection } from '../storage/collection.ts';
import type { WriteUnit } from '../storage/write-unit.ts';
import { compileUpdate, type Update } from '../update/compile-update.ts';
import { upsertDocument } from '../update/upsert-document.ts';
import {
  type Commands,
  checkCollation,
  collectionName,
  databaseOf,
  docField,
  docsField,
  flagField,
  letScope,
} from './command.ts';
import { writeBatch } from './write-batch.ts';

const statementFields = [
  'q',
  'u',
  'c',
  'upsert',
  'multi',
  'collation',
  'arrayFilters',
  'hint',
  'upsertSupplied',
  'sort',
];

/** https://www.mongodb.com/docs/manual/reference/command/update/ */
export const updateCommands: Commands = {
  update: {
    fields: ['updates', 'ordered', 'bypassDocumentValidation', 'stmtId', 'stmtIds', 'let'],
    async run(command, context) {
      const updates = docsField(command, 'updates');
      const collection = context.store.require(databaseOf(command), collectionName(command, 'update'));
      const bypass = flagField(command, 'bypassDocumentValidation');
      const scope = letScope(command);
      const { results, fields } = await writeBatch(command, context, updates, (statement, unit) =>
        runUpdate(statement, collection, unit, scope, bypass),
      );
      let n = 0;
      let nModified = 0;
      const upserted: Doc[] = [];
      for (const [index, result] of results) {
        n += Number(result.n);
        nModified += Number(result.nModified);
        if (result.upserted !== undefined) upserted.push(docOf({ index, _id: result.upserted }));
      }
      return docOf({ n, nModified, upserted: upserted.length > 0 ? upserted : undefined, ...fields, ok: 1 });
    },
  },
};

function runUpdate(statement: Doc, collection: Collection, unit: WriteUnit, scope: Scope, bypass: boolean): Doc {
  for (const field in statement) {
    if (!statementFields.includes(field)) {
      throw new MongoFault(40415, `BSON field 'update.updates.${field}' is an unknown field.`);
    }
  }
  if (statement.collation !== undefined) checkCollation(statement.collation);
  if (Array.isArray(statement.arrayFilters) && statement.arrayFilters.length > 0) throw unsupported('arrayFilters');
  const filter = docField(statement, 'q');
  const multi = flagField(statement, 'multi');
  const update = compileUpdate(statement.u, statement.c instanceof Doc ? { ...statement.c } : {}, scope);
  if (multi && update.kind === 'replace')
    throw new MongoFault(9, 'multi update is not supported for replacement-style update');
  const matches = compileFilter(filter, scope);
  const sort = parseSort(statement.sort);
  if (multi && sort !== undefined) throw new MongoFault(9, 'Cannot specify sort with multi=true');
  const { records } = findRecords(collection, { filter, matches, sort, hint: statement.hint, limit: multi ? 0 : 1 });
  if (records.length === 0 && flagField(statement, 'upsert')) {
    const doc = upsertDocument(filter, update);
    if (!bypass) collection.validator?.check(doc);
    unit.insert(collection, doc, 17420);
    return docOf({ n: 1, nModified: 0, upserted: doc._id });
  }
  let nModified = 0;
  for (const record of records) {
    const doc = updated(record.doc, update);
    if (identical(doc, record.doc)) continue;
    if (!bypass) collection.validator?.check(doc, record.doc);
    unit.replace(collection, record, doc, update.kind === 'replace' ? 'replace' : 'update');
    nModified++;
    if (multi) unit.relieve();
  }
  return docOf({ n: records.length, nModified });
}

/** The document after an update; throws 66 ImmutableField when its `_id` would be another. */
export function updated(before: Doc, update: Update): Doc {
  const doc = update.apply(before, false);
  if (!identical(doc._id, before._id)) {
    throw new MongoFault(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
  }
  return doc;
}

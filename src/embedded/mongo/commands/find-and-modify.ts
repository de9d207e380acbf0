import { identical } from '../bson/compare.ts';
import { Doc, docOf } from '../bson/doc.ts';
import { MongoFault, unsupported } from '../errors.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { findRecords } from '../query/find-records.ts';
import { compileProjection } from '../query/projection.ts';
import { parseSort } from '../query/sort.ts';
import { WriteUnit } from '../storage/write-unit.ts';
import { compileUpdate } from '../update/compile-update.ts';
import { upsertDocument } from '../update/upsert-document.ts';
import {
  type Command,
  type CommandContext,
  type Commands,
  collectionName,
  databaseOf,
  docField,
  flagField,
  letScope,
  wantsJournal,
} from './command.ts';
import { updated } from './update.ts';
import { retryableOf } from './write-batch.ts';

const findAndModify: Command = {
  fields: [
    ...['query', 'sort', 'remove', 'update', 'new', 'fields', 'upsert', 'bypassDocumentValidation', 'collation'],
    ...['arrayFilters', 'hint', 'let', 'stmtId'],
  ],
  async run(command, context) {
    const journal = wantsJournal(command);
    const retryable = retryableOf(command, context);
    const known = retryable?.results.get(0);
    const unit = new WriteUnit(context.store, retryable);
    let result = known;
    if (result === undefined) {
      try {
        result = modify(command, context, unit);
      } catch (error) {
        // The projection of the answer may fail when the write is already done.
        unit.rollback();
        throw error;
      }
      unit.remember(0, result);
      unit.commit();
    }
    if (journal) await context.store.sync();
    return docOf({ ...result, ok: 1 });
  },
};

/** https://www.mongodb.com/docs/manual/reference/command/findAndModify/ */
export const findAndModifyCommands: Commands = { findAndModify, findandmodify: findAndModify };

function modify(command: Doc, context: CommandContext, unit: WriteUnit): Doc {
  const name = 'findAndModify' in command ? 'findAndModify' : 'findandmodify';
  if (Array.isArray(command.arrayFilters) && command.arrayFilters.length > 0) throw unsupported('arrayFilters');
  const remove = flagField(command, 'remove');
  const upsert = flagField(command, 'upsert');
  const wantsNew = flagField(command, 'new');
  if (remove === (command.update !== undefined)) {
    throw new MongoFault(
      9,
      remove ? 'Cannot specify both an update and remove=true' : 'Either an update or remove=true must be specified',
    );
  }
  if (remove && (upsert || wantsNew))
    throw new MongoFault(9, 'Cannot specify both upsert=true or new=true and remove=true');
  const scope = letScope(command);
  const filter = docField(command, 'query', new Doc());
  const fields = docField(command, 'fields', new Doc());
  const project = Object.keys(fields).length === 0 ? (doc: Doc) => doc : compileProjection(fields, scope, true);
  const matches = compileFilter(filter, scope);
  const update = remove ? undefined : compileUpdate(command.update, {}, scope);
  const collection = context.store.require(databaseOf(command), collectionName(command, name));
  const query = { filter, matches, sort: parseSort(command.sort), hint: command.hint, limit: 1 };
  const [record] = findRecords(collection, query).records;
  const validator = flagField(command, 'bypassDocumentValidation') ? undefined : collection.validator;
  if (record === undefined) {
    if (!upsert || update === undefined) {
      const lastErrorObject = docOf({ n: 0, updatedExisting: remove ? undefined : false });
      return docOf({ lastErrorObject, value: null });
    }
    const doc = upsertDocument(filter, update);
    validator?.check(doc);
    unit.insert(collection, doc, 17420);
    const lastErrorObject = docOf({ n: 1, updatedExisting: false, upserted: doc._id });
    return docOf({ lastErrorObject, value: wantsNew ? project(doc) : null });
  }
  const before = record.doc;
  if (update === undefined) {
    unit.remove(collection, record);
    return docOf({ lastErrorObject: docOf({ n: 1 }), value: project(before) });
  }
  const doc = updated(before, update);
  if (!identical(doc, before)) {
    validator?.check(doc, before);
    unit.replace(collection, record, doc, update.kind === 'replace' ? 'replace' : 'update');
  }
  return docOf({ lastErrorObject: docOf({ n: 1, updatedExisting: true }), value: project(wantsNew ? doc : before) });
}

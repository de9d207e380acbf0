import type { Scope } from '../aggregate/expressions/scope.ts';
import { compilePipelineStages, stageList } from '../aggregate/pipeline.ts';
import { collectStage, type PipelineContext } from '../aggregate/stage.ts';
import { compareValues } from '../bson/compare.ts';
import { Doc, docOf } from '../bson/doc.ts';
import { KeyWriter } from '../bson/key.ts';
import { wholeNumber } from '../bson/numbers.ts';
import { changeStream } from '../change-stream.ts';
import { listSource } from '../cursors.ts';
import { MongoFault, unsupported } from '../errors.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { type Found, findRecords, type Query } from '../query/find-records.ts';
import { indexedValues, splitPath } from '../query/paths.ts';
import { parseSort } from '../query/sort.ts';
import type { Store } from '../storage/store.ts';
import {
  type CommandContext,
  type Commands,
  collectionName,
  countField,
  databaseOf,
  docField,
  letScope,
  readCollection,
  refuseSet,
  textField,
} from './command.ts';

/** https://www.mongodb.com/docs/manual/reference/command/aggregate/, count/ and distinct/ */
export const aggregateCommands: Commands = {
  aggregate: {
    fields: ['pipeline', 'cursor', 'explain', 'allowDiskUse', 'bypassDocumentValidation', 'hint', 'let', 'collation'],
    run: runAggregate,
  },
  count: {
    fields: ['query', 'limit', 'skip', 'hint', 'collation', 'fields'],
    run(command, context) {
      const { records } = countRecords(command, context);
      return docOf({ n: records, ok: 1 });
    },
  },
  distinct: {
    fields: ['key', 'query', 'collation', 'hint'],
    run(command, context) {
      const parts = splitPath(textField(command, 'key'));
      const filter = docField(command, 'query', new Doc());
      const matches = compileFilter(filter);
      const collection = readCollection(command, 'distinct', context);
      const found =
        collection === undefined ? [] : findRecords(collection, { filter, matches, hint: command.hint }).records;
      const writer = new KeyWriter();
      const values = new Map<string, unknown>();
      for (const { doc } of found) {
        for (const value of presentValues(doc, parts)) {
          const key = writer.value(value).take();
          if (!values.has(key)) values.set(key, value);
        }
      }
      return docOf({ values: [...values.values()].sort(compareValues), ok: 1 });
    },
  },
};

/** The values at a path as indexes see them, without those that stand for nothing. */
function presentValues(doc: Doc, parts: readonly string[]): readonly unknown[] {
  const { values } = indexedValues(doc, parts);
  const isThere = compileFilter(docOf({ [parts.join('.')]: docOf({ $exists: true }) }));
  return isThere(doc) ? values.filter((value) => value !== undefined) : [];
}

function countRecords(command: Doc, context: CommandContext): { records: number } {
  const filter = docField(command, 'query', new Doc());
  const matches = compileFilter(filter);
  const limit = Math.abs(wholeNumber(command.limit ?? 0) ?? 0);
  const collection = readCollection(command, 'count', context);
  if (collection === undefined) return { records: 0 };
  if (Object.keys(filter).length === 0 && limit === 0 && command.skip === undefined)
    return { records: collection.records.size };
  const skip = countField(command, 'skip', 0);
  return { records: findRecords(collection, { filter, matches, skip, limit, hint: command.hint }).records.length };
}

/** The context of pipelines over one database. */
export function pipelineContext(store: Store, database: string, scope: Scope): PipelineContext {
  return { scope, collection: (name) => store.find(database, name), compile: compilePipelineStages };
}

/** The part of a pipeline that indexes can help with, as a query, and the stages behind it. */
export function leadingQuery(
  stages: readonly Doc[],
  hint: unknown,
  scope: Scope,
): { query: Query; rest: readonly Doc[] } {
  let at = 0;
  let filter = new Doc();
  while (stages[at]?.$match instanceof Doc) {
    const next = stages[at]?.$match as Doc;
    filter = Object.keys(filter).length === 0 ? next : docOf({ $and: [filter, next] });
    at++;
  }
  const matches = compileFilter(filter, scope);
  const sortSpec = stages[at]?.$sort;
  if (sortSpec === undefined) return { query: { filter, matches, hint }, rest: stages.slice(at) };
  const sort = parseSort(sortSpec);
  if (sort === undefined) throw new MongoFault(15976, '$sort stage must have at least one sort key');
  at++;
  const limit = wholeNumber(stages[at]?.$limit);
  const query = { filter, matches, hint, sort, limit: limit !== undefined && limit > 0 ? limit : 0 };
  return { query, rest: stages.slice(at) };
}

function runAggregate(command: Doc, context: CommandContext): Doc {
  refuseSet(command, 'explain');
  const { store, cursors } = context;
  const database = databaseOf(command);
  const stages = stageList(command.pipeline);
  const batchSize = countField(docField(command, 'cursor', new Doc()), 'batchSize', 101);
  const scope = letScope(command);
  const [first, ...others] = stages;
  const isWhole = typeof command.aggregate !== 'string';
  const name = isWhole ? '$cmd.aggregate' : collectionName(command, 'aggregate');
  const ns = `${database}.${name}`;
  const pipelines = pipelineContext(store, database, scope);
  if (first?.$changeStream instanceof Doc) {
    for (const stage of others) checkStreamStage(Object.keys(stage)[0] ?? '');
    const watched = { database, collection: isWhole ? undefined : name };
    const pipeline = compilePipelineStages(others, pipelines);
    return cursors.first(ns, changeStream(store, watched, first.$changeStream, pipeline), batchSize);
  }
  if (isWhole) throw unsupported('aggregations without a collection');
  const { query, rest } = leadingQuery(stages, command.hint, scope);
  const stage = compilePipelineStages(rest, pipelines);
  const collection = store.find(database, name);
  const found: Found | undefined = collection === undefined ? undefined : findRecords(collection, query);
  const docs = (found?.records ?? []).map((record) => record.doc);
  return cursors.first(ns, listSource(rest.length === 0 ? docs : collectStage(stage, docs)), batchSize);
}

const streamStages = ['$match', '$project', '$addFields', '$set', '$unset', '$replaceRoot', '$replaceWith'];

function checkStreamStage(name: string): void {
  if (!streamStages.includes(name)) throw new MongoFault(20, `${name} is not permitted in a $changeStream pipeline`);
}

import { stageList } from '../aggregate/pipeline.ts';
import { Doc, docOf } from '../bson/doc.ts';
import { MongoFault, unsupported } from '../errors.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { findRecords, type Query } from '../query/find-records.ts';
import type { Plan } from '../query/planner.ts';
import { leadingQuery } from './aggregate.ts';
import { type Commands, collectionName, databaseOf, docField, docsField, letScope } from './command.ts';
import { parseFind } from './find.ts';

/**
 * https://www.mongodb.com/docs/manual/reference/command/explain/: the plan as MongoDB's stages (IXSCAN with the index's
 * name, or COLLSCAN) and what running it took. Nothing is written.
 */
export const explainCommands: Commands = {
  explain: {
    fields: ['verbosity'],
    run(command, { store }) {
      const inner = docField(command, 'explain');
      const [name = ''] = Object.keys(inner);
      inner.$db = databaseOf(command);
      const query = queryOf(name, inner);
      const ns = `${databaseOf(command)}.${collectionName(inner, name)}`;
      const collection = store.find(databaseOf(command), collectionName(inner, name));
      if (collection === undefined) {
        return docOf({ queryPlanner: docOf({ namespace: ns, winningPlan: docOf({ stage: 'EOF' }) }), ok: 1 });
      }
      const start = performance.now();
      const found = findRecords(collection, query);
      return docOf({
        explainVersion: '1',
        queryPlanner: docOf({
          namespace: ns,
          parsedQuery: query.filter,
          winningPlan: winningPlan(found.plan, query),
          rejectedPlans: [],
        }),
        executionStats: docOf({
          executionSuccess: true,
          nReturned: found.records.length,
          executionTimeMillis: Math.round(performance.now() - start),
          totalKeysExamined: found.keysExamined,
          totalDocsExamined: found.docsExamined,
        }),
        ok: 1,
      });
    },
  },
};

function queryOf(name: string, inner: Doc): Query {
  switch (name) {
    case 'find':
      return parseFind(inner).query;
    case 'aggregate': {
      const scope = letScope(inner);
      return leadingQuery(stageList(inner.pipeline), inner.hint, scope).query;
    }
    case 'count':
    case 'distinct':
      return filterQuery(docField(inner, 'query', new Doc()), inner.hint);
    case 'findAndModify':
      return { ...filterQuery(docField(inner, 'query', new Doc()), inner.hint), limit: 1 };
    case 'update':
    case 'delete': {
      const [statement] = docsField(inner, name === 'update' ? 'updates' : 'deletes');
      if (statement === undefined) throw new MongoFault(16, 'Write batch sizes must be between 1 and 100000');
      return filterQuery(docField(statement, 'q'), statement.hint);
    }
    default:
      throw unsupported(`explain of ${name}`);
  }
}

function filterQuery(filter: Doc, hint: unknown): Query {
  return { filter, matches: compileFilter(filter), hint };
}

function winningPlan(plan: Plan, query: Query): Doc {
  const { index, backwards } = plan;
  const direction = backwards ? 'backward' : 'forward';
  let stage =
    index === undefined
      ? docOf({ stage: 'COLLSCAN', direction })
      : docOf({
          stage: 'FETCH',
          inputStage: docOf({
            stage: 'IXSCAN',
            keyPattern: index.spec.pattern,
            indexName: index.spec.name,
            isMultiKey: index.multikey.includes(true),
            isUnique: index.spec.unique,
            direction,
            ranges: plan.ranges.length,
          }),
        });
  if (!plan.isSorted) stage = docOf({ stage: 'SORT', inputStage: stage });
  if ((query.skip ?? 0) > 0) stage = docOf({ stage: 'SKIP', inputStage: stage });
  return (query.limit ?? 0) > 0 ? docOf({ stage: 'LIMIT', limitAmount: query.limit, inputStage: stage }) : stage;
}

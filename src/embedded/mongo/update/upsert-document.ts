import { Doc, deepCopy } from '../bson/doc.ts';
import { withId } from '../commands/insert.ts';
import { MongoFault } from '../errors.ts';
import { isOperators } from '../query/compile-filter.ts';
import { splitPath } from '../query/paths.ts';
import { isRegex } from '../query/regex.ts';
import type { Update } from './compile-update.ts';
import { targetOf } from './targets.ts';

/**
 * The document an upsert inserts: the equalities of the filter, then the update
 * (https://www.mongodb.com/docs/manual/reference/method/db.collection.update/#upsert-behavior). A replacement takes
 * only `_id` from the filter.
 */
export function upsertDocument(filter: Doc, update: Update): Doc {
  const base = new Doc();
  const seen = new Set<string>();
  for (const [path, value] of equalities(filter)) {
    if (update.kind === 'replace' && path !== '_id') continue;
    if (seen.has(path)) throw new MongoFault(54, `cannot infer query fields to set, path '${path}' is matched twice`);
    seen.add(path);
    targetOf(base, splitPath(path)).set(deepCopy(value));
  }
  const doc = update.apply(base, true);
  if (base._id !== undefined && doc._id === undefined) doc._id = base._id;
  return withId(doc);
}

function* equalities(filter: Doc): Generator<[string, unknown]> {
  for (const key in filter) {
    const condition = filter[key];
    const isSingleOr = key === '$or' && Array.isArray(condition) && condition.length === 1;
    if ((key === '$and' || isSingleOr) && Array.isArray(condition)) {
      for (const branch of condition) if (branch instanceof Doc) yield* equalities(branch);
    } else if (!key.startsWith('$')) {
      const value = equalityOf(condition);
      if (value !== undefined) yield [key, value];
    }
  }
}

function equalityOf(condition: unknown): unknown {
  if (isRegex(condition)) return undefined;
  if (!isOperators(condition)) return condition;
  if (condition.$eq !== undefined) return condition.$eq;
  const { $in, $all } = condition;
  for (const list of [$in, $all]) {
    if (Array.isArray(list) && list.length === 1 && !isRegex(list[0]) && !isOperators(list[0])) return list[0];
  }
  return undefined;
}

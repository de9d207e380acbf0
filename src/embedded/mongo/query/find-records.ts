import type { Doc } from '../bson/doc.ts';
import type { Collection } from '../storage/collection.ts';
import type { StoredRecord } from '../storage/stored-record.ts';
import type { Predicate } from './match-path.ts';
import { type Plan, planQuery } from './planner.ts';
import { Sorter, type SortField, sortKeys } from './sort.ts';

/** A query over one collection. */
export interface Query {
  readonly filter: Doc;
  readonly matches: Predicate;
  readonly sort?: readonly SortField[] | undefined;
  readonly skip?: number;
  /** 0 is no limit. */
  readonly limit?: number;
  readonly hint?: unknown;
}

/** The records found, and what it took. */
export interface Found {
  readonly records: StoredRecord[];
  readonly plan: Plan;
  readonly keysExamined: number;
  readonly docsExamined: number;
}

/** Finds the records of a query in its order, as few as its limit allows. */
export function findRecords(collection: Collection, query: Query): Found {
  const { matches, sort, skip = 0, limit = 0 } = query;
  const plan = planQuery(collection, query.filter, sort, query.hint);
  const wanted = limit === 0 ? Number.POSITIVE_INFINITY : skip + limit;
  let docsExamined = 0;
  const records: StoredRecord[] = [];
  const sorter = plan.isSorted || sort === undefined ? undefined : new Sorter<StoredRecord>(wanted);
  const keyOf = sort === undefined ? undefined : sortKeys(sort);
  const keysExamined = scanPlan(collection, plan, (record) => {
    docsExamined++;
    if (!matches(record.doc)) return true;
    if (sorter !== undefined && keyOf !== undefined) sorter.add(keyOf(record.doc), record);
    else records.push(record);
    return records.length < wanted;
  });
  const all = sorter?.take() ?? records;
  return { records: skip === 0 ? all : all.slice(skip), plan, keysExamined, docsExamined };
}

/** Visits the records of a plan until the visitor returns false; each record once. Gives the number of keys read. */
export function scanPlan(collection: Collection, plan: Plan, visit: (record: StoredRecord) => boolean): number {
  const { index, ranges, backwards } = plan;
  if (index === undefined) {
    for (const record of collection.records.values()) if (!visit(record)) break;
    return 0;
  }
  let keys = 0;
  const seen = index.multikey.includes(true) ? new Set<StoredRecord>() : undefined;
  const visitKey = (record: StoredRecord): boolean => {
    keys++;
    if (seen?.has(record)) return true;
    seen?.add(record);
    return visit(record);
  };
  for (const range of backwards ? [...ranges].reverse() : ranges) {
    // A whole `_id` is looked up in the map: its key is the only one that can be in its range.
    const record =
      index === collection.idIndex && range.high === `${range.low}\xff` ? collection.records.get(range.low) : undefined;
    if (record !== undefined ? !visitKey(record) : !index.entries.scan(range, backwards, visitKey)) break;
  }
  return keys;
}

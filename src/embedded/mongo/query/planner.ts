import { identical } from '../bson/compare.ts';
import { Doc } from '../bson/doc.ts';
import { bracket, KeyWriter } from '../bson/key.ts';
import { MongoFault } from '../errors.ts';
import type { Index } from '../index/index.ts';
import type { IndexField } from '../index/index-spec.ts';
import { type KeyRange, wholeRange } from '../index/ordered-entries.ts';
import type { Collection } from '../storage/collection.ts';
import { type Bound, boundsOf, impliesPartial } from './bounds.ts';
import type { SortField } from './sort.ts';

const maxRanges = 20_000;

/** How the documents of a query are found; every document found is tested with the whole filter afterwards. */
export interface Plan {
  /** The index that is used, or undefined for a scan of the collection. */
  readonly index: Index | undefined;
  /** Ranges of the index in ascending order. */
  readonly ranges: readonly KeyRange[];
  readonly backwards: boolean;
  /** True when the documents come in the order of the sort. */
  readonly isSorted: boolean;
}

interface Candidate extends Plan {
  readonly score: readonly number[];
}

/**
 * Chooses the index with the most leading equalities, then the one with a range or the order of the sort behind them.
 *
 * @param hint the name or the key pattern of an index to use whatever the score, or `{$natural: 1}` for none
 */
export function planQuery(
  collection: Collection,
  filter: Doc,
  sort: readonly SortField[] | undefined,
  hint?: unknown,
): Plan {
  const bounds = boundsOf(filter);
  const scan: Plan = { index: undefined, ranges: [], backwards: false, isSorted: sort === undefined };
  if (hint !== undefined && hint !== null && !(hint instanceof Doc && Object.keys(hint).length === 0)) {
    if (hint instanceof Doc && '$natural' in hint) return scan;
    const index = collection.indexes.find(({ spec }) => spec.name === hint || identical(spec.pattern, hint));
    if (index === undefined) throw new MongoFault(2, 'hint provided does not correspond to an existing index');
    return candidate(index, bounds, sort);
  }
  let best: Candidate | undefined;
  for (const index of collection.indexes) {
    const { partial, sparse, fields } = index.spec;
    if (partial !== undefined && !impliesPartial(bounds, partial.filter)) continue;
    if (sparse && !bounds.some((bound) => bound.path === fields[0]?.path && !isNullish(bound))) continue;
    const next = candidate(index, bounds, sort);
    if (next.score.some((part) => part > 0) && (best === undefined || isBetter(next.score, best.score))) best = next;
  }
  return best ?? scan;
}

function isNullish(bound: Bound): boolean {
  return bound.kind === 'points' && bound.values.some((value) => value === null);
}

function isBetter(a: readonly number[], b: readonly number[]): boolean {
  for (let at = 0; at < a.length; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function candidate(index: Index, bounds: readonly Bound[], sort: readonly SortField[] | undefined): Candidate {
  const { fields } = index.spec;
  let prefixes = [''];
  let isSingle = true;
  let usedArray = false;
  let at = 0;
  const fixed = new Set<string>();
  for (; at < fields.length; at++) {
    const field = fields[at];
    const isArray = index.multikey[at] === true;
    // Two paths through one array may be met by different elements: only the first of them bounds the scan.
    if (field === undefined || (isArray && usedArray)) break;
    const points = bounds.find((bound) => bound.kind === 'points' && bound.path === field.path);
    if (points?.kind !== 'points' || prefixes.length * points.values.length > maxRanges) break;
    prefixes = extend(prefixes, points.values, field.descending);
    if (points.values.length === 1 && !isArray) fixed.add(field.path);
    else if (points.values.length !== 1) isSingle = false;
    usedArray ||= isArray;
  }
  const next = fields[at];
  const rangeField = next !== undefined && !(index.multikey[at] === true && usedArray) ? next : undefined;
  const limits = rangeField === undefined ? undefined : limitsOf(rangeField, bounds, index.multikey[at] === true);
  const ranges = rangesOf(prefixes, limits);
  const order = sort === undefined || !isSingle ? undefined : sortOrder(index, sort, at, fixed);
  const isSorted = sort === undefined || order !== undefined;
  return {
    index,
    ranges,
    backwards: order === 'backwards',
    isSorted,
    score: [
      at,
      (limits === undefined ? 0 : 1) + (order === undefined ? 0 : 1),
      limits === undefined ? 0 : 1,
      -fields.length,
    ],
  };
}

function extend(prefixes: readonly string[], values: readonly unknown[], descending: boolean): string[] {
  const writer = new KeyWriter();
  const keys = [...new Set(values.map((value) => writer.value(value, descending).take()))];
  return prefixes.flatMap((prefix) => keys.map((key) => prefix + key)).sort(byCodeUnit);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rangesOf(prefixes: readonly string[], limits: KeyRange | undefined): KeyRange[] {
  if (limits === undefined) {
    if (prefixes.length === 1 && prefixes[0] === '') return [wholeRange];
    return prefixes.map((prefix) => ({ low: prefix, high: `${prefix}\xff` }));
  }
  return prefixes.map((prefix) => ({ low: prefix + limits.low, high: prefix + limits.high }));
}

/** The keys of one field between its lower and upper bound; of an array's bounds only one may be used. */
function limitsOf(field: IndexField, bounds: readonly Bound[], isArray: boolean): KeyRange | undefined {
  const own = bounds.filter((bound) => bound.path === field.path);
  const low = own.find((bound) => bound.kind === 'low');
  const high = isArray && low !== undefined ? undefined : own.find((bound) => bound.kind === 'high');
  const some = low ?? high;
  if (some === undefined || some.kind === 'points') return undefined;
  const key = (bound: Bound | undefined, exclusiveSide: boolean): string | undefined => {
    if (bound === undefined || bound.kind === 'points') return undefined;
    const encoded = new KeyWriter().value(bound.value, field.descending).take();
    // Behind everything that begins with the key when an excluded start or an included end.
    return bound.inclusive === exclusiveSide ? encoded : `${encoded}\xff`;
  };
  const brackets = bracket(some.value);
  if (!field.descending) return { low: key(low, true) ?? brackets.low, high: key(high, false) ?? brackets.high };
  const tag = 0xff ^ brackets.low.charCodeAt(0);
  return {
    low: key(high, true) ?? String.fromCharCode(tag),
    high: key(low, false) ?? String.fromCharCode(tag + 1),
  };
}

/** The direction in which the index gives the sort, when its fields behind the equalities are those of the sort. */
function sortOrder(
  index: Index,
  sort: readonly SortField[],
  from: number,
  fixed: ReadonlySet<string>,
): 'forwards' | 'backwards' | undefined {
  const { fields } = index.spec;
  let at = from;
  let backwards: boolean | undefined;
  for (const wanted of sort) {
    if (fixed.has(wanted.path)) continue;
    const field = fields[at];
    if (field?.path !== wanted.path || index.multikey[at] === true) return undefined;
    const isReverse = field.descending !== wanted.descending;
    if (backwards !== undefined && backwards !== isReverse) return undefined;
    backwards = isReverse;
    at++;
  }
  return backwards === true ? 'backwards' : 'forwards';
}

import { compareValues } from '../bson/compare.ts';
import { Doc } from '../bson/doc.ts';
import { isOperators } from './compile-filter.ts';
import { isRegex } from './regex.ts';

/** What a filter demands of one path, as far as an index can use it. */
export type Bound =
  | { readonly kind: 'points'; readonly path: string; readonly values: readonly unknown[] }
  | { readonly kind: 'low' | 'high'; readonly path: string; readonly value: unknown; readonly inclusive: boolean };

/** The demands that every document matching the filter meets; what indexes cannot use is left out. */
export function boundsOf(filter: Doc): Bound[] {
  const bounds: Bound[] = [];
  for (const key in filter) {
    const condition = filter[key];
    if (key === '$and' && Array.isArray(condition)) {
      for (const branch of condition) if (branch instanceof Doc) bounds.push(...boundsOf(branch));
    } else if (!key.startsWith('$')) bounds.push(...boundsOfField(key, condition));
  }
  return bounds;
}

function boundsOfField(path: string, condition: unknown): Bound[] {
  if (!isOperators(condition)) return isPoint(condition) ? [{ kind: 'points', path, values: [condition] }] : [];
  const bounds: Bound[] = [];
  for (const operator in condition) {
    const bound = boundOf(path, operator, condition[operator]);
    if (bound !== undefined) bounds.push(bound);
  }
  return bounds;
}

function boundOf(path: string, operator: string, operand: unknown): Bound | undefined {
  switch (operator) {
    case '$eq':
      return isPoint(operand) ? { kind: 'points', path, values: [operand] } : undefined;
    case '$in':
      if (!Array.isArray(operand) || !operand.every(isPoint)) return undefined;
      return { kind: 'points', path, values: operand };
    case '$gt':
    case '$gte':
      return isLimit(operand) ? { kind: 'low', path, value: operand, inclusive: operator === '$gte' } : undefined;
    case '$lt':
    case '$lte':
      return isLimit(operand) ? { kind: 'high', path, value: operand, inclusive: operator === '$lte' } : undefined;
    default:
      return undefined;
  }
}

/** An array may be equal as a whole or as an element, a regular expression matches many: no points of an index. */
function isPoint(value: unknown): boolean {
  return !Array.isArray(value) && !isRegex(value);
}

function isLimit(value: unknown): boolean {
  if (value === null || value instanceof Doc || !isPoint(value)) return false;
  return !(typeof value === 'object' && '_bsontype' in value && /^M(in|ax)Key$/.test(String(value._bsontype)));
}

/** True when the demands imply a partial index's filter: equalities, `$exists: true` and ranges on single fields. */
export function impliesPartial(bounds: readonly Bound[], partial: Doc): boolean {
  return Object.entries(partial).every(([key, condition]) => {
    if (key === '$and' && Array.isArray(condition)) {
      return condition.every((branch) => branch instanceof Doc && impliesPartial(bounds, branch));
    }
    if (key.startsWith('$')) return false;
    const own = bounds.filter((bound) => bound.path === key);
    if (!isOperators(condition))
      return own.some((bound) => isPointsAll(bound, (value) => compareValues(value, condition) === 0));
    return Object.entries(condition).every(([operator, operand]) => implied(own, operator, operand));
  });
}

function isPointsAll(bound: Bound, test: (value: unknown) => boolean): boolean {
  return bound.kind === 'points' && bound.values.every(test);
}

function implied(bounds: readonly Bound[], operator: string, operand: unknown): boolean {
  switch (operator) {
    case '$eq':
      return bounds.some((bound) => isPointsAll(bound, (value) => compareValues(value, operand) === 0));
    case '$exists':
      return operand === true && bounds.some((b) => b.kind !== 'points' || b.values.every((value) => value !== null));
    case '$gt':
    case '$gte':
      return bounds.some((bound) => beyond(bound, operand, operator === '$gte', 1));
    case '$lt':
    case '$lte':
      return bounds.some((bound) => beyond(bound, operand, operator === '$lte', -1));
    default:
      return false;
  }
}

function beyond(bound: Bound, operand: unknown, orEqual: boolean, sign: number): boolean {
  const passes = (value: unknown, mayTouch: boolean) => {
    const order = compareValues(value, operand) * sign;
    return order > 0 || (order === 0 && mayTouch);
  };
  if (bound.kind === 'points') return bound.values.every((value) => value !== null && passes(value, orEqual));
  return bound.kind === (sign > 0 ? 'low' : 'high') && passes(bound.value, orEqual || !bound.inclusive);
}

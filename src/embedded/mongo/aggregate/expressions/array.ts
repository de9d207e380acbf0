import { compareValues } from '../../bson/compare.ts';
import { Doc, isNumeric, typeName } from '../../bson/doc.ts';
import { toNumber, wholeNumber } from '../../bson/numbers.ts';
import { MongoFault } from '../../errors.ts';
import { parseSort, sortKeys } from '../../query/sort.ts';
import { accumulators } from '../accumulators.ts';
import { type Build, binary, call, isNullish, missing, named, type Operators, unary, variadic } from './operator.ts';
import type { Expression } from './scope.ts';
import { type Slot, withVariable } from './scope.ts';
import { isTruthy } from './truth.ts';
import { checkVariableName } from './variable.ts';

function list(value: unknown, name: string, code: number): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new MongoFault(code, `${name} requires an array, found: ${typeName(value)}`);
}

function whole(value: unknown, name: string, code: number): number {
  const number = wholeNumber(value);
  if (number === undefined) throw new MongoFault(code, `${name} requires a 32-bit integer, found: ${typeName(value)}`);
  return number;
}

const elementAt = binary((value, position) => {
  if (isNullish(value) || isNullish(position)) return null;
  const items = list(value, '$arrayElemAt', 28689);
  const index = whole(position, '$arrayElemAt', 28690);
  return items[index < 0 ? items.length + index : index];
});

function endOf(name: string, at: 0 | -1): Build {
  return unary((value) => (isNullish(value) ? null : list(value, name, 28689).at(at)));
}

/** `$filter`, `$map` and their kind: the input, with a variable that holds each element in turn. */
function each(args: Doc, scope: Parameters<Build>[1], compile: Parameters<Build>[2]) {
  const name = args.as === undefined ? 'this' : String(args.as);
  checkVariableName(name);
  const slot: Slot = { value: undefined };
  return { input: compile(args.input, scope), slot, inner: withVariable(scope, name, slot) };
}

const filter = named(['input', 'cond'], ['as', 'limit'], (args, scope, compile) => {
  const { input, slot, inner } = each(args, scope, compile);
  const condition = compile(args.cond, inner);
  const limit = args.limit === undefined ? undefined : compile(args.limit, scope);
  return (doc) => {
    const value = input(doc);
    if (isNullish(value)) return null;
    const most = limit === undefined ? undefined : limit(doc);
    const count = isNullish(most) ? Number.POSITIVE_INFINITY : whole(most, '$filter', 327391);
    if (count < 1) throw new MongoFault(327392, '$filter: limit must be greater than 0');
    const kept: unknown[] = [];
    for (const item of list(value, '$filter', 28651)) {
      slot.value = item;
      if (isTruthy(condition(doc))) kept.push(item);
      if (kept.length >= count) break;
    }
    return kept;
  };
});

const map = named(['input', 'in'], ['as'], (args, scope, compile) => {
  const { input, slot, inner } = each(args, scope, compile);
  const body = compile(args.in, inner);
  return (doc) => {
    const value = input(doc);
    if (isNullish(value)) return null;
    return list(value, '$map', 16883).map((item) => {
      slot.value = item;
      return body(doc) ?? null;
    });
  };
});

const reduce = named(['input', 'initialValue', 'in'], [], (args, scope, compile) => {
  const input = compile(args.input, scope);
  const initial = compile(args.initialValue, scope);
  const item: Slot = { value: undefined };
  const total: Slot = { value: undefined };
  const body = compile(args.in, withVariable(withVariable(scope, 'this', item), 'value', total));
  return (doc) => {
    const value = input(doc);
    if (isNullish(value)) return null;
    let result = initial(doc);
    for (const next of list(value, '$reduce', 40080)) {
      item.value = next;
      total.value = result;
      result = body(doc);
    }
    return result;
  };
});

const slice = call(2, 3, ([input = missing, first = missing, second]) => (doc) => {
  const value = input(doc);
  const a = first(doc);
  const b = second?.(doc);
  if (isNullish(value) || isNullish(a) || (second !== undefined && isNullish(b))) return null;
  const items = list(value, '$slice', 28724);
  const n = whole(a, '$slice', 28726);
  if (second === undefined) return n >= 0 ? items.slice(0, n) : items.slice(n);
  const count = whole(b, '$slice', 28728);
  if (count <= 0) throw new MongoFault(28729, `Third argument to $slice must be positive: ${count}`);
  const start = n >= 0 ? n : Math.max(0, items.length + n);
  return items.slice(start, start + count);
});

const range = call(2, 3, ([from = missing, to = missing, by]) => (doc) => {
  const start = whole(from(doc), '$range', 34443);
  const end = whole(to(doc), '$range', 34444);
  const step = by === undefined ? 1 : whole(by(doc), '$range', 34447);
  if (step === 0) throw new MongoFault(34449, '$range requires a non-zero step value');
  const numbers: number[] = [];
  for (let at = start; step > 0 ? at < end : at > end; at += step) numbers.push(at);
  return numbers;
});

const indexOf = call(2, 4, ([input = missing, wanted = missing, from, to]) => (doc) => {
  const value = input(doc);
  if (isNullish(value)) return null;
  const items = list(value, '$indexOfArray', 40090);
  const target = wanted(doc);
  const start = from === undefined ? 0 : whole(from(doc), '$indexOfArray', 40096);
  const end = to === undefined ? items.length : whole(to(doc), '$indexOfArray', 40096);
  if (start < 0 || end < 0) throw new MongoFault(40097, '$indexOfArray requires nonnegative positions');
  for (let at = start; at < Math.min(end, items.length); at++) if (compareValues(items[at], target) === 0) return at;
  return -1;
});

const zip = named(['inputs'], ['useLongestLength', 'defaults'], (args, scope, compile) => {
  if (!Array.isArray(args.inputs) || args.inputs.length === 0)
    throw new MongoFault(34461, '$zip needs an array of inputs');
  const inputs = args.inputs.map((input) => compile(input, scope));
  const defaults = Array.isArray(args.defaults) ? args.defaults.map((item) => compile(item, scope)) : [];
  const longest = args.useLongestLength === true;
  if (defaults.length > 0 && !longest)
    throw new MongoFault(34466, 'cannot specify defaults unless useLongestLength is true');
  return (doc) => {
    const values = inputs.map((input) => input(doc));
    if (values.some(isNullish)) return null;
    const lists = values.map((value) => list(value, '$zip', 34468));
    const sizes = lists.map((items) => items.length);
    const rows = longest ? Math.max(...sizes) : Math.min(...sizes);
    return Array.from({ length: rows }, (_, row) =>
      lists.map((items, at) => (row < items.length ? items[row] : (defaults[at]?.(doc) ?? null))),
    );
  };
});

const sortArray = named(['input', 'sortBy'], [], (args, scope, compile) => {
  const input = compile(args.input, scope);
  let compare: (a: unknown, b: unknown) => number;
  if (args.sortBy instanceof Doc) {
    const fields = parseSort(args.sortBy);
    if (fields === undefined) throw new MongoFault(2942505, '$sortArray needs fields to sort by');
    const keyOf = sortKeys(fields);
    const key = (item: unknown) => keyOf(item instanceof Doc ? item : new Doc());
    compare = (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
  } else {
    const sign = isNumeric(args.sortBy) ? toNumber(args.sortBy) : 0;
    if (sign !== 1 && sign !== -1) throw new MongoFault(2942506, 'The $sort element value must be either 1 or -1');
    compare = (a, b) => compareValues(a, b) * sign;
  }
  return (doc) => {
    const value = input(doc);
    return isNullish(value) ? null : [...list(value, '$sortArray', 2942504)].sort(compare);
  };
});

/** `$sum`, `$avg`, `$min` and `$max` outside of `$group`: over the arguments, or over the one array that is the argument. */
function over(name: '$sum' | '$avg' | '$min' | '$max'): Build {
  return (operand, scope, compile) => {
    const args: Expression[] = (Array.isArray(operand) ? operand : [operand]).map((item) => compile(item, scope));
    const accumulator = accumulators[name];
    return (doc) => {
      const state = accumulator?.();
      const values = args.map((arg) => arg(doc));
      for (const value of !Array.isArray(operand) && Array.isArray(values[0]) ? values[0] : values) state?.add(value);
      return state?.result();
    };
  };
}

function quantified(every: boolean): Build {
  return unary((value, name) => {
    const items = list(value, name, every ? 5159200 : 5159201);
    return every ? items.every(isTruthy) : items.some(isTruthy);
  });
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#array-expression-operators */
export const arrayOperators: Operators = {
  $allElementsTrue: quantified(true),
  $anyElementTrue: quantified(false),
  $arrayElemAt: elementAt,
  $avg: over('$avg'),
  $concatArrays: variadic((args) => (doc) => {
    const joined: unknown[] = [];
    for (const arg of args) {
      const value = arg(doc);
      if (isNullish(value)) return null;
      joined.push(...list(value, '$concatArrays', 28664));
    }
    return joined;
  }),
  $filter: filter,
  $first: endOf('$first', 0),
  $in: binary((value, items) => list(items, '$in', 40081).some((item) => compareValues(item, value) === 0)),
  $indexOfArray: indexOf,
  $isArray: call(
    1,
    1,
    ([arg = missing]) =>
      (doc) =>
        Array.isArray(arg(doc)),
  ),
  $last: endOf('$last', -1),
  $map: map,
  $max: over('$max'),
  $min: over('$min'),
  $range: range,
  $reduce: reduce,
  $reverseArray: unary((value) => (isNullish(value) ? null : [...list(value, '$reverseArray', 34435)].reverse())),
  $size: unary((value) => list(value, 'The argument to $size', 17124).length),
  $slice: slice,
  $sortArray: sortArray,
  $sum: over('$sum'),
  $zip: zip,
};

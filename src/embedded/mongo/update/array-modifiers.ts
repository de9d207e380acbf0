import { compareValues, equalValues } from '../bson/compare.ts';
import { Doc, deepCopy, typeName } from '../bson/doc.ts';
import { wholeNumber } from '../bson/numbers.ts';
import { MongoFault } from '../errors.ts';
import { compileFilter, isOperators } from '../query/compile-filter.ts';
import { isRegex } from '../query/regex.ts';
import { parseSort, sortKeys } from '../query/sort.ts';
import type { BuildModifier } from './modifiers.ts';
import { existingTarget, type Target, targetOf } from './targets.ts';

/** The array at a target; an absent one is made. Throws 2 BadValue for anything else. */
function listAt(target: Target, parts: readonly string[], name: string): unknown[] {
  const { value } = target;
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw new MongoFault(
    2,
    `The field '${parts.join('.')}' must be an array but is of type ${typeName(value)} (${name})`,
  );
}

function whole(value: unknown, what: string): number {
  const number = wholeNumber(value);
  if (number === undefined)
    throw new MongoFault(2, `The value for ${what} must be an integer value but was given type: ${typeName(value)}`);
  return number;
}

function eachOf(operand: Doc, name: string): unknown[] {
  if (Array.isArray(operand.$each)) return operand.$each;
  throw new MongoFault(
    14,
    `The argument to $each in ${name} must be an array but it was of type ${typeName(operand.$each)}`,
  );
}

/** `$push` with `$each`, `$position`, `$sort` and `$slice`, in this order whatever the order they are written in. */
const push: BuildModifier = (operand, path) => {
  if (!(operand instanceof Doc) || operand.$each === undefined) {
    return (doc, parts) => {
      const target = targetOf(doc, parts);
      target.set([...listAt(target, parts, '$push'), deepCopy(operand)]);
    };
  }
  for (const key in operand) {
    if (!['$each', '$position', '$sort', '$slice'].includes(key)) {
      throw new MongoFault(2, `Unrecognized clause in $push: ${key}`);
    }
  }
  const items = eachOf(operand, '$push');
  const position = operand.$position === undefined ? undefined : whole(operand.$position, '$position');
  const slice = operand.$slice === undefined ? undefined : whole(operand.$slice, '$slice');
  const sort = operand.$sort === undefined ? undefined : pushSort(operand.$sort, path);
  return (doc, parts) => {
    const target = targetOf(doc, parts);
    const list = [...listAt(target, parts, '$push')];
    list.splice(position ?? list.length, 0, ...(deepCopy(items) as unknown[]));
    if (sort !== undefined) list.sort(sort);
    target.set(slice === undefined ? list : slice === 0 ? [] : slice > 0 ? list.slice(0, slice) : list.slice(slice));
  };
};

function pushSort(spec: unknown, path: string): (a: unknown, b: unknown) => number {
  if (!(spec instanceof Doc)) {
    const sign = wholeNumber(spec);
    if (sign !== 1 && sign !== -1) throw new MongoFault(2, `The $sort element value must be either 1 or -1: ${path}`);
    return (a, b) => compareValues(a, b) * sign;
  }
  const fields = parseSort(spec);
  if (fields === undefined) throw new MongoFault(2, 'The sort pattern is empty when it should be a set of fields.');
  const keyOf = sortKeys(fields);
  const asDoc = (item: unknown) => (item instanceof Doc ? item : new Doc());
  return (a, b) => {
    const left = keyOf(asDoc(a));
    const right = keyOf(asDoc(b));
    return left < right ? -1 : left > right ? 1 : 0;
  };
}

const addToSet: BuildModifier = (operand) => {
  const isEach = operand instanceof Doc && operand.$each !== undefined;
  const items = isEach ? eachOf(operand, '$addToSet') : [operand];
  if (isEach && Object.keys(operand).length > 1) {
    throw new MongoFault(2, `Found unexpected fields after $each in $addToSet: ${Object.keys(operand).join(', ')}`);
  }
  return (doc, parts) => {
    const target = targetOf(doc, parts);
    const list = [...listAt(target, parts, '$addToSet')];
    for (const item of items) if (!list.some((other) => equalValues(other, item))) list.push(deepCopy(item));
    target.set(list);
  };
};

const pop: BuildModifier = (operand, path) => {
  const end = wholeNumber(operand);
  if (end !== 1 && end !== -1) throw new MongoFault(9, `$pop expects 1 or -1, found: ${String(operand)} for ${path}`);
  return (doc, parts) => {
    const target = existingTarget(doc, parts);
    if (target === undefined) return;
    if (!Array.isArray(target.value)) {
      throw new MongoFault(14, `Path '${path}' contains an element of non-array type '${typeName(target.value)}'`);
    }
    target.set(end === 1 ? target.value.slice(0, -1) : target.value.slice(1));
  };
};

/** `$pull`: a value, or a condition on the elements (or on the fields of elements that are documents). */
function pullTest(operand: unknown): (item: unknown) => boolean {
  if (operand instanceof Doc && !isOperators(operand)) {
    const matches = compileFilter(operand);
    return (item) => item instanceof Doc && matches(item);
  }
  if (!isOperators(operand) && !isRegex(operand)) return (item) => equalValues(item, operand);
  const holder = new Doc();
  const filter = new Doc();
  filter.item = operand;
  const matches = compileFilter(filter);
  return (item) => {
    holder.item = item;
    return matches(holder);
  };
}

function removing(name: string, testOf: (operand: unknown) => (item: unknown) => boolean): BuildModifier {
  return (operand) => {
    const isGone = testOf(operand);
    return (doc, parts) => {
      const target = existingTarget(doc, parts);
      if (target === undefined) return;
      if (!Array.isArray(target.value)) throw new MongoFault(2, `Cannot apply ${name} to a non-array value`);
      target.set(target.value.filter((item) => !isGone(item)));
    };
  };
}

/** https://www.mongodb.com/docs/manual/reference/operator/update-array/ */
export const arrayModifiers: Readonly<Record<string, BuildModifier>> = {
  $addToSet: addToSet,
  $pop: pop,
  $pull: removing('$pull', pullTest),
  $pullAll: removing('$pullAll', (operand) => {
    if (!Array.isArray(operand))
      throw new MongoFault(2, `$pullAll requires an array argument but was given a ${typeName(operand)}`);
    return (item) => operand.some((other) => equalValues(item, other));
  }),
  $push: push,
};

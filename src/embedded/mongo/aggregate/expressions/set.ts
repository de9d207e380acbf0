import { typeName } from '../../bson/doc.ts';
import { KeyWriter } from '../../bson/key.ts';
import { MongoFault } from '../../errors.ts';
import { type Build, isNullish, type Operators, variadic } from './operator.ts';

function keysOf(value: unknown, name: string): Map<string, unknown> {
  if (!Array.isArray(value))
    throw new MongoFault(17043, `All operands of ${name} must be arrays. One argument is of type: ${typeName(value)}`);
  const writer = new KeyWriter();
  const keys = new Map<string, unknown>();
  for (const item of value) {
    const key = writer.value(item).take();
    if (!keys.has(key)) keys.set(key, item);
  }
  return keys;
}

/** An operator on arrays seen as sets; null if any of them is null or missing. */
function onSets(apply: (sets: readonly Map<string, unknown>[], name: string) => unknown): Build {
  return variadic((args, name) => (doc) => {
    const values = args.map((arg) => arg(doc));
    if (values.some(isNullish)) return null;
    return apply(
      values.map((value) => keysOf(value, name)),
      name,
    );
  });
}

function pair(sets: readonly Map<string, unknown>[], name: string): [Map<string, unknown>, Map<string, unknown>] {
  const [a, b] = sets;
  if (a === undefined || b === undefined || sets.length > 2) {
    throw new MongoFault(16020, `Expression ${name} takes exactly 2 arguments. ${sets.length} were passed in.`);
  }
  return [a, b];
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#set-expression-operators */
export const setOperators: Operators = {
  $setDifference: onSets((sets, name) => {
    const [a, b] = pair(sets, name);
    return [...a].filter(([key]) => !b.has(key)).map(([, item]) => item);
  }),
  $setEquals: onSets((sets, name) => {
    if (sets.length < 2) throw new MongoFault(17045, `${name} needs at least two arguments had: ${sets.length}`);
    const [first = new Map(), ...rest] = sets;
    return rest.every((set) => set.size === first.size && [...set.keys()].every((key) => first.has(key)));
  }),
  $setIntersection: onSets(([first = new Map<string, unknown>(), ...rest]) =>
    [...first].filter(([key]) => rest.every((set) => set.has(key))).map(([, item]) => item),
  ),
  $setIsSubset: onSets((sets, name) => {
    const [a, b] = pair(sets, name);
    return [...a.keys()].every((key) => b.has(key));
  }),
  $setUnion: onSets((sets) => {
    const union = new Map<string, unknown>();
    for (const set of sets) for (const [key, item] of set) if (!union.has(key)) union.set(key, item);
    return [...union.values()];
  }),
};

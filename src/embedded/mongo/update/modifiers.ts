import { Long, Timestamp } from 'bson';
import { compareValues } from '../bson/compare.ts';
import { bsonClass, Doc, deepCopy, isInt32, isNumeric, typeName } from '../bson/doc.ts';
import { addNumbers, multiplyNumbers, toNumber } from '../bson/numbers.ts';
import { MongoFault } from '../errors.ts';
import { splitPath } from '../query/paths.ts';
import { arrayModifiers } from './array-modifiers.ts';
import { existingTarget, targetOf } from './targets.ts';

/** Changes the place of a path in a document that is free to be changed. */
export type Modifier = (doc: Doc, parts: readonly string[], now: Date) => void;

/** Makes a modifier of an operator's operand for one path. */
export type BuildModifier = (operand: unknown, path: string) => Modifier;

const set: BuildModifier = (operand) => (doc, parts) => targetOf(doc, parts).set(deepCopy(operand));

/** `$inc` and `$mul`: a number of the type MongoDB gives it; an int64 must not overflow. */
function arithmeticModifier(name: string, start: unknown, apply: (a: unknown, b: unknown) => unknown): BuildModifier {
  return (operand, path) => {
    if (!isNumeric(operand)) {
      throw new MongoFault(
        14,
        `Cannot ${name === '$inc' ? 'increment' : 'multiply'} with non-numeric argument: {${path}: ${typeName(operand)}}`,
      );
    }
    return (doc, parts) => {
      const target = targetOf(doc, parts);
      const current = target.value === undefined ? (name === '$inc' ? undefined : start) : target.value;
      if (current === undefined) {
        target.set(operand);
        return;
      }
      if (!isNumeric(current)) {
        throw new MongoFault(
          14,
          `Cannot apply ${name} to a value of non-numeric type. {_id: ${String(doc._id)}} has the field '${parts.at(-1)}' of non-numeric type ${typeName(current)}`,
        );
      }
      const result = apply(current, operand);
      if (isWhole(current) && isWhole(operand) && !isWhole(result)) {
        throw new MongoFault(
          2,
          `Failed to apply ${name} operations to current value (${String(current)}) for document {_id: ${String(doc._id)}}`,
        );
      }
      target.set(result);
    };
  };
}

function isWhole(value: unknown): boolean {
  return isInt32(value) || bsonClass(value) === 'Long';
}

function extreme(sign: number): BuildModifier {
  return (operand) => (doc, parts) => {
    const target = targetOf(doc, parts);
    if (target.value === undefined || compareValues(operand, target.value) * sign > 0) target.set(deepCopy(operand));
  };
}

const currentDate: BuildModifier = (operand, path) => {
  const type = operand instanceof Doc ? operand.$type : operand === true ? 'date' : undefined;
  if (type !== 'date' && type !== 'timestamp') {
    throw new MongoFault(2, `${path}: $currentDate takes true or {$type: 'date' | 'timestamp'}`);
  }
  return (doc, parts, now) => {
    const seconds = Math.floor(now.getTime() / 1000);
    targetOf(doc, parts).set(type === 'date' ? now : new Timestamp({ t: seconds, i: 1 }));
  };
};

const rename: BuildModifier = (operand) => {
  const to = splitPath(String(operand));
  return (doc, parts) => {
    const source = existingTarget(doc, parts);
    if (source === undefined) return;
    const { value } = source;
    checkNoArray(doc, parts, 'source');
    checkNoArray(doc, to, 'destination');
    source.unset();
    const target = existingTarget(doc, to);
    target?.unset();
    targetOf(doc, to).set(value);
  };
};

function checkNoArray(doc: Doc, parts: readonly string[], side: string): void {
  let holder: unknown = doc;
  for (const part of parts) {
    if (Array.isArray(holder))
      throw new MongoFault(2, `The ${side} field cannot be an array element, '${parts.join('.')}'`);
    if (!(holder instanceof Doc)) return;
    holder = holder[part];
  }
}

const bit: BuildModifier = (operand, path) => {
  const operations = operand instanceof Doc ? Object.entries(operand) : [];
  if (operations.length === 0)
    throw new MongoFault(2, `The $bit modifier is not compatible with a ${typeName(operand)}: ${path}`);
  for (const [name, value] of operations) {
    if (!['and', 'or', 'xor'].includes(name))
      throw new MongoFault(2, `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}'`);
    if (!isWhole(value)) throw new MongoFault(2, 'The $bit modifier field must be an Integer(32/64 bit)');
  }
  return (doc, parts) => {
    const target = targetOf(doc, parts);
    const current = target.value ?? 0;
    if (!isWhole(current))
      throw new MongoFault(2, `Cannot apply $bit to a value of non-integral type: ${parts.join('.')}`);
    const isLong = [current, ...operations.map(([, value]) => value)].some((value) => bsonClass(value) === 'Long');
    let bits = bigint(current);
    for (const [name, value] of operations) {
      const mask = bigint(value);
      bits = name === 'and' ? bits & mask : name === 'or' ? bits | mask : bits ^ mask;
    }
    target.set(isLong ? Long.fromBigInt(bits) : Number(bits));
  };
};

function bigint(value: unknown): bigint {
  return bsonClass(value) === 'Long' ? (value as Long).toBigInt() : BigInt(toNumber(value));
}

/** The update operators, by name; each has golden tests. */
export const modifiers: Readonly<Record<string, BuildModifier>> = {
  $set: set,
  $setOnInsert: set,
  $unset: () => (doc, parts) => existingTarget(doc, parts)?.unset(),
  $inc: arithmeticModifier('$inc', 0, addNumbers),
  $mul: arithmeticModifier('$mul', 0, multiplyNumbers),
  $min: extreme(-1),
  $max: extreme(1),
  $currentDate: currentDate,
  $rename: rename,
  $bit: bit,
  ...arrayModifiers,
};

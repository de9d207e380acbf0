import { compareValues, equalValues, typeOrder } from '../bson/compare.ts';
import { Doc, isNumeric, typeAliases, typeName } from '../bson/doc.ts';
import { KeyWriter } from '../bson/key.ts';
import { toNumber } from '../bson/numbers.ts';
import { MongoFault } from '../errors.ts';
import type { ValueTest } from './match-path.ts';
import { compileBsonRegex, isRegex } from './regex.ts';

/** `$eq`: null also matches a missing field. */
export function equalTo(operand: unknown): ValueTest {
  if (operand === null) return (value) => value === null || value === undefined;
  if (typeof operand === 'string' || typeof operand === 'boolean') {
    return (value) => value === operand || (typeof value === 'object' && value !== null && equalValues(value, operand));
  }
  return (value) => value !== undefined && equalValues(value, operand);
}

/** `$gt`, `$gte`, `$lt`, `$lte`: only values of the operand's own type are compared (type bracketing). */
export function comparedTo(operator: '$gt' | '$gte' | '$lt' | '$lte', operand: unknown): ValueTest {
  const orEqual = operator === '$gte' || operator === '$lte';
  const sign = operator === '$gt' || operator === '$gte' ? 1 : -1;
  const order = typeOrder(operand);
  if (operand === null) return (value) => orEqual && (value === null || value === undefined);
  if (isRegex(operand)) throw new MongoFault(2, `Can't have RegEx as arg to predicate over field '${operator}'.`);
  if (isNumeric(operand) && Number.isNaN(toNumber(operand))) {
    return (value) => orEqual && isNumeric(value) && Number.isNaN(toNumber(value));
  }
  if (order === -1 || order === 127) {
    return (value) => value !== undefined && passes(compareValues(value, operand) * sign, orEqual);
  }
  return (value) => {
    if (typeOrder(value) !== order || isNotNumber(value)) return false;
    return passes(compareValues(value, operand) * sign, orEqual);
  };
}

function isNotNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isNaN(value);
}

function passes(order: number, orEqual: boolean): boolean {
  return order > 0 || (orEqual && order === 0);
}

/** `$in`: equal to one of the values or matched by one of the regular expressions. */
export function oneOf(operator: string, list: unknown): ValueTest {
  if (!Array.isArray(list)) throw new MongoFault(2, `${operator} needs an array`);
  const strings = new Set<unknown>();
  const others: unknown[] = [];
  const tests: ValueTest[] = [];
  let orMissing = false;
  for (const item of list) {
    if (item instanceof Doc && Object.keys(item)[0]?.startsWith('$')) {
      throw new MongoFault(2, `cannot nest $ under ${operator}`);
    }
    if (isRegex(item)) tests.push(matchedBy(compileBsonRegex(item)), equalTo(item));
    else if (typeof item === 'string') strings.add(item);
    else if (item === null) orMissing = true;
    else others.push(item);
  }
  const writer = new KeyWriter();
  const keys = new Set(others.map((item) => writer.value(item).take()));
  return (value) => {
    if (typeof value === 'string' && strings.has(value)) return true;
    if (value === null || value === undefined) return orMissing;
    if (keys.size > 0 && typeof value !== 'string' && keys.has(writer.value(value).take())) return true;
    for (const test of tests) if (test(value)) return true;
    return false;
  };
}

/** `$regex`: strings (and symbols) the pattern finds itself in. */
export function matchedBy(regex: RegExp): ValueTest {
  return (value) => typeof value === 'string' && regex.test(value);
}

/** `$mod`: the remainder of the value, both cut to integers. */
export function remainder(operand: unknown): ValueTest {
  if (!Array.isArray(operand)) throw new MongoFault(2, 'malformed mod, needs to be an array');
  if (operand.length < 2) throw new MongoFault(2, 'malformed mod, not enough elements');
  if (operand.length > 2) throw new MongoFault(2, 'malformed mod, too many elements');
  const [divisor, rest] = operand.map((part, at) => {
    if (!isNumeric(part)) throw new MongoFault(2, `malformed mod, ${at === 0 ? 'divisor' : 'remainder'} not a number`);
    return Math.trunc(toNumber(part));
  });
  if (divisor === 0 || divisor === undefined) throw new MongoFault(2, 'divisor cannot be 0');
  return (value) => {
    if (!isNumeric(value)) return false;
    const number = Math.trunc(toNumber(value));
    return Number.isFinite(number) && number % divisor === rest;
  };
}

/** `$type`: one of the types named by number or alias; `number` stands for all numbers. */
export function ofType(operand: unknown): ValueTest {
  const names = new Set<string>();
  for (const item of Array.isArray(operand) ? operand : [operand]) names.add(parseType(item));
  if (names.size === 0) throw new MongoFault(9, '$type must match at least one type');
  const anyNumber = names.has('number');
  return (value) => value !== undefined && (names.has(typeName(value)) || (anyNumber && isNumeric(value)));
}

const knownTypes = new Set([...Object.values(typeAliases), 'number']);

function parseType(item: unknown): string {
  if (typeof item === 'string') {
    if (!knownTypes.has(item)) throw new MongoFault(2, `Unknown type name alias: ${item}`);
    return item;
  }
  const name = isNumeric(item) ? typeAliases[toNumber(item)] : undefined;
  if (name === undefined) throw new MongoFault(2, `Invalid numerical type code: ${String(item)}`);
  return name;
}

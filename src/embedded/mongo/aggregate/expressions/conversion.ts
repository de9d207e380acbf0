import { Long, ObjectId } from 'bson';
import { bsonClass, isInt32, isNumeric, typeAliases, typeName } from '../../bson/doc.ts';
import { asDouble, toNumber } from '../../bson/numbers.ts';
import { MongoFault, unsupported } from '../../errors.ts';
import { dateText } from './date-format.ts';
import { parseDate } from './date-parse.ts';
import { type Build, call, isNullish, missing, named, type Operators, unary } from './operator.ts';
import { isTruthy } from './truth.ts';

function failure(value: unknown, to: string, why = ''): MongoFault {
  return new MongoFault(
    241,
    `Unsupported conversion from ${typeName(value)} to ${to} in $convert with no onError value${why}`,
  );
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Date) return dateText(value, undefined, undefined);
  if (bsonClass(value) === 'Long' || bsonClass(value) === 'Decimal128') return String(value);
  if (isNumeric(value)) return Object.is(toNumber(value), -0) ? '-0' : String(toNumber(value));
  if (bsonClass(value) === 'ObjectId') return (value as ObjectId).toHexString();
  throw failure(value, 'string');
}

function toDouble(value: unknown): unknown {
  if (typeof value === 'boolean') return asDouble(Number(value));
  if (value instanceof Date) return asDouble(value.getTime());
  if (isNumeric(value)) return asDouble(toNumber(value));
  if (typeof value === 'string') {
    if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(value))
      throw new MongoFault(241, `Failed to parse number '${value}' in $convert with no onError value`);
    return asDouble(Number(value));
  }
  throw failure(value, 'double');
}

/** `$toInt` and `$toLong`: numbers are cut towards zero, text must be a decimal integer. */
function toInteger(value: unknown, to: 'int' | 'long'): unknown {
  let number: bigint;
  if (typeof value === 'boolean') number = BigInt(value);
  else if (value instanceof Date && to === 'long') number = BigInt(value.getTime());
  else if (bsonClass(value) === 'Long') number = (value as Long).toBigInt();
  else if (isNumeric(value)) {
    const cut = Math.trunc(toNumber(value));
    if (!Number.isFinite(cut))
      throw new MongoFault(241, `Attempt to convert ${cut} value to integer type in $convert with no onError value`);
    number = BigInt(cut);
  } else if (typeof value === 'string') {
    if (!/^[+-]?\d+$/.test(value))
      throw new MongoFault(241, `Failed to parse number '${value}' in $convert with no onError value`);
    number = BigInt(value.replace('+', ''));
  } else throw failure(value, to);
  const bits = to === 'int' ? 31n : 63n;
  if (number < -(2n ** bits) || number >= 2n ** bits) {
    throw new MongoFault(241, 'Conversion would overflow target type in $convert with no onError value');
  }
  return to === 'int' ? Number(number) : Long.fromBigInt(number);
}

function toDate(value: unknown): Date {
  if (value instanceof Date) return value;
  if (typeof value === 'string') return parseDate(value, undefined);
  if (bsonClass(value) === 'ObjectId') return (value as ObjectId).getTimestamp();
  // An int32 has no conversion to a date in MongoDB; int64, double and decimal count milliseconds.
  if (isNumeric(value) && !isInt32(value)) {
    const date = new Date(Math.trunc(toNumber(value)));
    if (!Number.isNaN(date.getTime())) return date;
  }
  throw failure(value, 'date');
}

function toObjectId(value: unknown): unknown {
  if (bsonClass(value) === 'ObjectId') return value;
  if (typeof value !== 'string') throw failure(value, 'objectId');
  if (!/^[0-9a-fA-F]{24}$/.test(value))
    throw new MongoFault(241, `Failed to parse objectId '${value}' in $convert with no onError value`);
  return new ObjectId(value);
}

const conversions: Readonly<Record<string, (value: unknown) => unknown>> = {
  string: toText,
  double: toDouble,
  int: (value) => toInteger(value, 'int'),
  long: (value) => toInteger(value, 'long'),
  bool: (value) => (isNumeric(value) || typeof value === 'boolean' ? isTruthy(value) : true),
  date: toDate,
  objectId: toObjectId,
};

function convertTo(type: string): Build {
  const convert = conversions[type];
  return unary((value) => (isNullish(value) ? null : convert?.(value)));
}

const convert = named(['input', 'to'], ['onError', 'onNull'], (args, scope, compile) => {
  const input = compile(args.input, scope);
  const target = compile(args.to, scope);
  const onError = args.onError === undefined ? undefined : compile(args.onError, scope);
  const onNull = args.onNull === undefined ? () => null : compile(args.onNull, scope);
  return (doc) => {
    const value = input(doc);
    if (isNullish(value)) return onNull(doc);
    const to = target(doc);
    if (isNullish(to)) return null;
    const name = isNumeric(to) ? typeAliases[toNumber(to)] : String(to);
    if (name === undefined || !Object.values(typeAliases).includes(name))
      throw new MongoFault(2, `Unknown type name alias: ${String(to)}`);
    const apply = conversions[name];
    if (apply === undefined) throw unsupported(`$convert to ${name}`);
    try {
      return apply(value);
    } catch (error) {
      if (onError !== undefined && error instanceof MongoFault) return onError(doc);
      throw error;
    }
  };
});

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#type-expression-operators */
export const conversionOperators: Operators = {
  $convert: convert,
  $isNumber: unary(isNumeric),
  $toBool: convertTo('bool'),
  $toDate: convertTo('date'),
  $toDouble: convertTo('double'),
  $toInt: convertTo('int'),
  $toLong: convertTo('long'),
  $toObjectId: convertTo('objectId'),
  $toString: convertTo('string'),
  $type: call(
    1,
    1,
    ([arg = missing]) =>
      (doc) =>
        typeName(arg(doc)),
  ),
};

import { Long } from 'bson';
import { bsonClass, isInt32, isNumeric, typeName } from '../../bson/doc.ts';
import { addNumbers, asDouble, mapNumber, multiplyNumbers, subtractNumbers, toNumber } from '../../bson/numbers.ts';
import { MongoFault } from '../../errors.ts';
import { type Build, binary, call, isNullish, missing, type Operators, unary, variadic } from './operator.ts';

/** Checks that a value is a number. */
function number(value: unknown, name: string, code: number): unknown {
  if (isNumeric(value)) return value;
  throw new MongoFault(code, `${name} only supports numeric types, not ${typeName(value)}`);
}

/** An operator on one number that gives null for null and missing. */
function onNumber(code: number, apply: (value: number, raw: unknown) => unknown): Build {
  return unary((value, name) => {
    if (isNullish(value)) return null;
    number(value, name, code);
    return apply(toNumber(value), value);
  });
}

function isWhole(value: unknown): boolean {
  return isInt32(value) || bsonClass(value) === 'Long';
}

const add = variadic((args, name) => (doc) => {
  let sum: unknown = 0;
  let date: Date | undefined;
  for (const arg of args) {
    const value = arg(doc);
    if (isNullish(value)) return null;
    if (value instanceof Date) {
      if (date !== undefined) throw new MongoFault(16612, 'only one date allowed in an $add expression');
      date = value;
    } else sum = addNumbers(sum, number(value, name, 14));
  }
  return date === undefined ? sum : new Date(date.getTime() + Math.round(toNumber(sum)));
});

const subtract = binary((a, b) => {
  if (isNullish(a) || isNullish(b)) return null;
  if (a instanceof Date) {
    if (b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime());
    if (isNumeric(b)) return new Date(a.getTime() - Math.round(toNumber(b)));
  }
  if (!isNumeric(a) || !isNumeric(b)) {
    throw new MongoFault(14, `can't $subtract ${typeName(b)} from ${typeName(a)}`);
  }
  return subtractNumbers(a, b);
});

const multiply = variadic((args, name) => (doc) => {
  let product: unknown = 1;
  for (const arg of args) {
    const value = arg(doc);
    if (isNullish(value)) return null;
    product = multiplyNumbers(product, number(value, name, 14));
  }
  return product;
});

const divide = binary((a, b) => {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumeric(a) || !isNumeric(b)) {
    throw new MongoFault(14, `$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
  }
  if (toNumber(b) === 0) throw new MongoFault(2, "can't $divide by zero");
  return asDouble(toNumber(a) / toNumber(b));
});

const mod = binary((a, b) => {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumeric(a) || !isNumeric(b)) {
    throw new MongoFault(16611, `$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
  }
  if (toNumber(b) === 0) throw new MongoFault(16610, "can't $mod by zero");
  if (!isWhole(a) || !isWhole(b)) return asDouble(toNumber(a) % toNumber(b));
  if (isInt32(a) && isInt32(b)) return a % b || 0;
  return Long.fromBigInt(integer(a) % integer(b));
});

function integer(value: unknown): bigint {
  return bsonClass(value) === 'Long' ? (value as Long).toBigInt() : BigInt(toNumber(value));
}

/** `$round` goes to the even neighbour from the middle, `$trunc` to zero; a negative place rounds before the point. */
function rounding(round: (value: number) => number): Build {
  return call(1, 2, ([arg = missing, places]) => (doc) => {
    const value = arg(doc);
    const place = places === undefined ? 0 : places(doc);
    if (isNullish(value) || isNullish(place)) return null;
    number(value, '$round', 51081);
    const digits = isNumeric(place) ? toNumber(place) : Number.NaN;
    if (!Number.isInteger(digits)) throw new MongoFault(51082, 'precision argument must be a integral value');
    if (digits < -20 || digits > 100) {
      throw new MongoFault(51083, `cannot apply $round with precision value ${digits} value must be in [-20, 100]`);
    }
    if (isWhole(value) && digits >= 0) return value;
    return mapNumber(value, (x) => (Number.isFinite(x) ? shift(round(shift(x, digits)), -digits) : x));
  });
}

/** Moves the decimal point without the error a multiplication would add. */
function shift(value: number, digits: number): number {
  const [mantissa, exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + digits}`);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

const pow = binary((a, b) => {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumeric(a)) throw new MongoFault(28762, `$pow's base must be numeric, not ${typeName(a)}`);
  if (!isNumeric(b)) throw new MongoFault(28763, `$pow's exponent must be numeric, not ${typeName(b)}`);
  const base = toNumber(a);
  const exponent = toNumber(b);
  if (base === 0 && exponent < 0) throw new MongoFault(28764, '$pow cannot take a base of 0 and a negative exponent');
  const result = base ** exponent;
  if (!isWhole(a) || !isWhole(b) || exponent < 0) return asDouble(result);
  if (isInt32(result) && isInt32(a) && isInt32(b)) return result;
  return Number.isSafeInteger(result) ? Long.fromNumber(result) : result;
});

function logarithm(value: number, name: string): number {
  if (value <= 0) throw new MongoFault(28766, `${name}'s argument must be a positive number, but is ${value}`);
  return Math.log(value);
}

const log = binary((a, b) => {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumeric(a)) throw new MongoFault(28756, `$log's argument must be numeric, not ${typeName(a)}`);
  if (!isNumeric(b)) throw new MongoFault(28757, `$log's base must be numeric, not ${typeName(b)}`);
  const base = toNumber(b);
  if (base <= 0 || base === 1)
    throw new MongoFault(28759, `$log's base must be a positive number not equal to 1, but is ${base}`);
  return asDouble(logarithm(toNumber(a), '$log') / Math.log(base));
});

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#arithmetic-expression-operators */
export const arithmeticOperators: Operators = {
  $abs: onNumber(28765, (_, raw) => mapNumber(raw, Math.abs)),
  $add: add,
  $ceil: onNumber(28765, (_, raw) => (isWhole(raw) ? raw : mapNumber(raw, Math.ceil))),
  $divide: divide,
  $exp: onNumber(28765, (value) => asDouble(Math.exp(value))),
  $floor: onNumber(28765, (_, raw) => (isWhole(raw) ? raw : mapNumber(raw, Math.floor))),
  $ln: onNumber(28765, (value) => asDouble(logarithm(value, '$ln'))),
  $log: log,
  $log10: onNumber(28765, (value) => {
    logarithm(value, '$log10');
    return asDouble(Math.log10(value));
  }),
  $mod: mod,
  $multiply: multiply,
  $pow: pow,
  $round: rounding(roundHalfEven),
  $sqrt: onNumber(28765, (value) => {
    if (value < 0) throw new MongoFault(28714, "$sqrt's argument must be greater than or equal to 0");
    return asDouble(Math.sqrt(value));
  }),
  $subtract: subtract,
  $trunc: rounding(Math.trunc),
};

import type { Binary, BSONRegExp, Long, ObjectId, Timestamp } from 'bson';
import { bsonClass, Doc, isNumeric } from './doc.ts';
import { toNumber } from './numbers.ts';

/**
 * The order of types of https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/: a smaller number
 * sorts first, types of one number compare by value. Missing (undefined) is before null.
 */
export function typeOrder(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return 15;
    case 'number':
      return 10;
    case 'boolean':
      return 40;
    case 'undefined':
      return 0;
  }
  if (value === null) return 5;
  if (value instanceof Doc) return 20;
  if (Array.isArray(value)) return 25;
  if (value instanceof Date) return 45;
  switch (bsonClass(value)) {
    case 'MinKey':
      return -1;
    case 'Double':
    case 'Long':
    case 'Decimal128':
      return 10;
    case 'BSONSymbol':
      return 15;
    case 'Binary':
      return 30;
    case 'ObjectId':
      return 35;
    case 'Timestamp':
      return 47;
    case 'BSONRegExp':
      return 50;
    case 'Code':
      return 60;
    default:
      return 127;
  }
}

/** Compares any two values in BSON order; negative, zero or positive. */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (typeof a === 'number' && typeof b === 'number') return compareDoubles(a, b);
  const order = typeOrder(a) - typeOrder(b);
  return order !== 0 ? order : compareSameOrder(a, b);
}

/** Equality in MongoDB's sense: 1 equals 1.0, NaN equals NaN, field order of documents counts. */
export function equalValues(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === 'string' && typeof b === 'string') return false;
  return compareValues(a, b) === 0;
}

function compareDoubles(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  // NaN is less than every other number.
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : 1;
}

/** By code points, which is the order of UTF-8 bytes; UTF-16 order differs for characters beyond the first plane. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x === y) continue;
    const highX = x >= 0xd800 && x < 0xe000;
    const highY = y >= 0xd800 && y < 0xe000;
    if (highX !== highY) return highX ? (y >= 0xe000 ? 1 : x - y) : x >= 0xe000 ? -1 : x - y;
    return x - y;
  }
  return a.length - b.length;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

function compareSameOrder(a: unknown, b: unknown): number {
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b);
  if (a instanceof Doc && b instanceof Doc) return compareDocs(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return compareArrays(a, b);
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (typeof a === 'boolean') return Number(a) - Number(b);
  switch (bsonClass(a)) {
    case 'ObjectId':
      return compareBytes((a as ObjectId).id, (b as ObjectId).id);
    case 'Binary': {
      const x = a as Binary;
      const y = b as Binary;
      if (x.position !== y.position) return x.position - y.position;
      if (x.sub_type !== y.sub_type) return x.sub_type - y.sub_type;
      return compareBytes(x.buffer.subarray(0, x.position), y.buffer.subarray(0, y.position));
    }
    case 'Timestamp': {
      const x = a as Timestamp;
      const y = b as Timestamp;
      return x.t - y.t || x.i - y.i;
    }
    case 'BSONRegExp': {
      const x = a as BSONRegExp;
      const y = b as BSONRegExp;
      return compareStrings(x.pattern, y.pattern) || compareStrings(x.options, y.options);
    }
    default: // null, undefined, the keys, symbols and code
      return compareStrings(String(textOf(a)), String(textOf(b)));
  }
}

function textOf(value: unknown): unknown {
  if (typeof value === 'string') return value;
  const type = bsonClass(value);
  if (type === 'BSONSymbol') return (value as { value: string }).value;
  if (type === 'Code') return (value as { code: unknown }).code;
  return '';
}

function compareNumbers(a: unknown, b: unknown): number {
  const x = toNumber(a);
  const y = toNumber(b);
  if (x !== y || Math.abs(x) <= Number.MAX_SAFE_INTEGER) return compareDoubles(x, y);
  const left = bsonClass(a) === 'Long' ? (a as Long).toBigInt() : exact(x);
  const right = bsonClass(b) === 'Long' ? (b as Long).toBigInt() : exact(y);
  if (left === undefined || right === undefined) return 0;
  return left < right ? -1 : left > right ? 1 : 0;
}

function exact(value: number): bigint | undefined {
  return Number.isFinite(value) ? BigInt(value) : undefined;
}

function compareArrays(a: readonly unknown[], b: readonly unknown[]): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const order = compareValues(a[at], b[at]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareDocs(a: Doc, b: Doc): number {
  const left = Object.keys(a);
  const right = Object.keys(b);
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const x = left[at] ?? '';
    const y = right[at] ?? '';
    const order = typeOrder(a[x]) - typeOrder(b[y]) || compareStrings(x, y) || compareValues(a[x], b[y]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** True when two values would be the same bytes: the types of numbers and the signs of zeros count. */
export function identical(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Doc) {
    if (!(b instanceof Doc)) return false;
    const left = Object.keys(a);
    const right = Object.keys(b);
    return left.length === right.length && left.every((key, at) => key === right[at] && identical(a[key], b[key]));
  }
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => identical(item, b[at]));
  }
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return false;
  return bsonClass(a) === bsonClass(b) && typeOrder(a) === typeOrder(b) && compareValues(a, b) === 0;
}

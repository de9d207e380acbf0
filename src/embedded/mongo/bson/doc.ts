import type { Binary, BSONRegExp, Decimal128, Double, Long, ObjectId, Timestamp } from 'bson';

/**
 * A decoded BSON document. It inherits nothing, so a field may be called `constructor` or `__proto__`; documents that
 * are stored are never changed, only replaced.
 *
 * Values: string, boolean, null, Date, array, Doc, and the classes of `bson`. A plain number stands for an int32 when it
 * is an integer of that range (and not -0) and for a double otherwise; a double that looks like an int32 is a `Double`.
 */
export class Doc {
  [field: string]: unknown;
}
Reflect.deleteProperty(Doc.prototype, 'constructor');
Object.setPrototypeOf(Doc.prototype, null);

/** Bytes of a whole BSON document, copied as they are by the encoder. */
export class RawBson {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** Makes a document of the given fields. */
export function docOf(fields: Readonly<Record<string, unknown>>): Doc {
  const doc = new Doc();
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    if (value !== undefined) doc[key] = value;
  }
  return doc;
}

/** A copy of the first level: same values, own fields. */
export function shallowCopy(doc: Doc): Doc {
  const copy = new Doc();
  for (const key in doc) copy[key] = doc[key];
  return copy;
}

/** A copy that shares only leaves, which nobody changes. */
export function deepCopy(value: unknown): unknown {
  if (value instanceof Doc) {
    const copy = new Doc();
    for (const key in value) copy[key] = deepCopy(value[key]);
    return copy;
  }
  return Array.isArray(value) ? value.map(deepCopy) : value;
}

/** True for every kind of BSON number. */
export function isNumeric(value: unknown): value is number | Double | Long | Decimal128 {
  if (typeof value === 'number') return true;
  const type = bsonClass(value);
  return type === 'Double' || type === 'Long' || type === 'Decimal128';
}

/** True for a value of one of the `bson` package's classes. */
export function isBson(value: unknown, type: 'Long'): value is Long;
export function isBson(value: unknown, type: 'Timestamp'): value is Timestamp;
export function isBson(value: unknown, type: 'ObjectId'): value is ObjectId;
export function isBson(value: unknown, type: 'Binary'): value is Binary;
export function isBson(value: unknown, type: 'BSONRegExp'): value is BSONRegExp;
export function isBson(value: unknown, type: string): boolean {
  return bsonClass(value) === type;
}

/** The `_bsontype` of a value of the `bson` package, undefined for everything else (documents with such a field too). */
export function bsonClass(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Doc) return undefined;
  return (value as { _bsontype?: string })._bsontype;
}

/** An int32 by the convention of {@link Doc}. */
export function isInt32(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value && !Object.is(value, -0);
}

const typeNames: Readonly<Record<string, string>> = {
  Double: 'double',
  Long: 'long',
  Decimal128: 'decimal',
  ObjectId: 'objectId',
  Binary: 'binData',
  BSONRegExp: 'regex',
  Timestamp: 'timestamp',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
  Code: 'javascript',
  BSONSymbol: 'symbol',
};

/** The alias MongoDB's `$type` gives a value; `missing` for undefined. */
export function typeName(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'missing';
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return isInt32(value) ? 'int' : 'double';
  }
  if (value === null) return 'null';
  if (value instanceof Doc) return 'object';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  return typeNames[bsonClass(value) ?? ''] ?? 'unknown';
}

/** `$type`'s numbers and aliases. */
export const typeAliases: Readonly<Record<number, string>> = {
  1: 'double',
  2: 'string',
  3: 'object',
  4: 'array',
  5: 'binData',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  10: 'null',
  11: 'regex',
  13: 'javascript',
  14: 'symbol',
  16: 'int',
  17: 'timestamp',
  18: 'long',
  19: 'decimal',
  [-1]: 'minKey',
  127: 'maxKey',
};

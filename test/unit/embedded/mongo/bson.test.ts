import {
  Binary,
  BSONRegExp,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
} from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues } from '../../../../src/embedded/mongo/bson/compare.ts';
import { BsonReader } from '../../../../src/embedded/mongo/bson/decode.ts';
import { encode } from '../../../../src/embedded/mongo/bson/encode.ts';
import { KeyWriter } from '../../../../src/embedded/mongo/bson/key.ts';
import { OrderedEntries } from '../../../../src/embedded/mongo/index/ordered-entries.ts';
import type { StoredRecord } from '../../../../src/embedded/mongo/storage/stored-record.ts';
import { doc } from './golden.ts';

const scalar = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.double().map((value) => new Double(value)),
  fc.integer({ min: -5, max: 5 }).map((value) => new Double(value)),
  fc.integer().map((value) => new Int32(value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }).map((value) => Long.fromBigInt(value)),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('\0', '\x01', '\x02', 'a', '画', '\uffee', '👍') }),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc.uint8Array({ maxLength: 5 }).map((bytes) => new Binary(bytes, bytes.length % 3)),
  fc.constantFrom(new MinKey(), new MaxKey(), new BSONRegExp('^a', 'i'), new Timestamp({ t: 5, i: 7 })),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ maxLength: 6 }).filter((name) => !name.includes('\0') && !/^\d+$/.test(name)),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
}));

describe('documents', () => {
  it('decode and encode to the same bytes', () => {
    const reader = new BsonReader();
    fc.assert(
      fc.property(fc.record({ a: value, b: value }), (document) => {
        const bytes = Buffer.from(serialize(document as Document));
        expect(encode(reader.read(bytes))).toEqual(bytes);
      }),
    );
  });

  it('keep decimals and names that every JavaScript object has', () => {
    const document = JSON.parse('{"__proto__": {"constructor": 1}, "toString": 2}');
    const bytes = Buffer.from(serialize({ ...document, d: Decimal128.fromString('0.10') }));
    expect(encode(new BsonReader().read(bytes))).toEqual(bytes);
  });

  it('that are damaged are refused and never read beyond their end', () => {
    const reader = new BsonReader();
    const bytes = Buffer.from(serialize({ a: 'text', b: [1, { c: new ObjectId() }], d: Long.MAX_VALUE }));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = byte;
        try {
          reader.read(damaged);
        } catch (error) {
          expect(error).toHaveProperty('codeName');
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('keys', () => {
  it('sort as the values do, in both directions, and are equal when these are', () => {
    const writer = new KeyWriter();
    const sign = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
    fc.assert(
      fc.property(value, value, (left, right) => {
        const { a, b } = doc({ a: left, b: right });
        const order = Math.sign(compareValues(a, b));
        expect(sign(writer.value(a).take(), writer.value(b).take())).toBe(order);
        expect(sign(writer.value(a, true).take(), writer.value(b, true).take())).toBe(order === 0 ? 0 : -order);
      }),
      {
        numRuns: 3000,
        examples: [
          ['\0', ''],
          ['\x01', '\0'],
          ['a', 'a\0'],
        ],
      },
    );
  });
});

describe('ordered entries', () => {
  it('hold what a sorted list holds after any inserts and deletes', () => {
    const step = fc.record({
      key: fc.nat(40).map((n) => String.fromCharCode(65 + n)),
      order: fc.nat(20),
      remove: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 1500, size: 'max' }), fc.nat(40), fc.nat(40), (steps, from, to) => {
        const entries = new OrderedEntries();
        const records = Array.from(
          { length: 21 },
          (_, order): StoredRecord => ({ order, key: '', doc: doc({}), size: 0 }),
        );
        const expected = new Map<string, string>();
        for (const { key, order, remove } of steps) {
          const record = records[order];
          if (record === undefined) continue;
          const name = `${key}${String(order).padStart(2, '0')}`;
          if (remove) entries.delete(key, record);
          else if (!expected.has(name)) entries.insert(key, record);
          if (remove) expected.delete(name);
          else expected.set(name, key);
        }
        const range = { low: String.fromCharCode(65 + from), high: String.fromCharCode(65 + to) };
        const found = (backwards: boolean) => {
          const names: string[] = [];
          entries.scan(
            range,
            backwards,
            (record, key) => names.push(`${key}${String(record.order).padStart(2, '0')}`) > 0,
          );
          return names;
        };
        const inRange = [...expected]
          .filter(([, key]) => key >= range.low && key < range.high)
          .map(([name]) => name)
          .sort();
        expect(found(false)).toEqual(inRange);
        expect(found(true)).toEqual(inRange.reverse());
      }),
      { numRuns: 60 },
    );
  });
});

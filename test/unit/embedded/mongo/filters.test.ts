import { BSONRegExp, Double, Long, MaxKey, MinKey, ObjectId } from 'bson';
import { describe, expect, it } from 'vitest';
import { faultOf, matching } from './golden.ts';

/** Filter, documents, the `_id`s it finds. Pages are those of https://www.mongodb.com/docs/manual/reference/operator/query/. */
type Case = readonly [page: string, filter: object, documents: readonly object[], found: readonly unknown[]];

const inventory = [
  { _id: 1, item: { name: 'ab', code: '123' }, qty: 15, tags: ['A', 'B', 'C'] },
  { _id: 2, item: { name: 'cd', code: '123' }, qty: 20, tags: ['B'] },
  { _id: 3, item: { name: 'ij', code: '456' }, qty: 25, tags: ['A', 'B'] },
  { _id: 4, item: { name: 'xy', code: '456' }, qty: 30, tags: ['B', 'A'] },
  { _id: 5, item: { name: 'mn', code: '000' }, qty: 20, tags: [['A', 'B'], 'C'] },
];
const nulls = [{ _id: 1, a: null }, { _id: 2 }, { _id: 3, a: 0 }, { _id: 4, a: [null] }, { _id: 5, a: [] }];
const results = [
  { _id: 1, results: [82, 85, 88] },
  { _id: 2, results: [75, 88, 89] },
];
const survey = [
  {
    _id: 1,
    results: [
      { product: 'abc', score: 10 },
      { product: 'xyz', score: 5 },
    ],
  },
  {
    _id: 2,
    results: [
      { product: 'abc', score: 8 },
      { product: 'xyz', score: 7 },
    ],
  },
  {
    _id: 3,
    results: [
      { product: 'abc', score: 7 },
      { product: 'xyz', score: 8 },
    ],
  },
];
const mixed = [
  { _id: 1, a: 5 },
  { _id: 2, a: '5' },
  { _id: 3, a: Long.fromNumber(5) },
  { _id: 4, a: new Double(5) },
  { _id: 5, a: new Date(5) },
  { _id: 6, a: Number.NaN },
  { _id: 7, a: true },
];

const cases: Case[] = [
  ['eq', { qty: { $eq: 20 } }, inventory, [2, 5]],
  ['eq', { 'item.name': 'ab' }, inventory, [1]],
  ['eq', { tags: 'B' }, inventory, [1, 2, 3, 4]],
  ['eq', { tags: ['A', 'B'] }, inventory, [3, 5]],
  ['eq', { item: { name: 'ab', code: '123' } }, inventory, [1]],
  ['eq', { item: { code: '123', name: 'ab' } }, inventory, []],
  ['eq', { a: 5 }, mixed, [1, 3, 4]],
  ['eq', { a: Number.NaN }, mixed, [6]],
  ['eq', { z: -0 }, [{ _id: 1, z: 0 }], [1]],
  ['query-for-null-fields', { a: null }, nulls, [1, 2, 4]],
  ['query-for-null-fields', { a: { $ne: null } }, nulls, [3, 5]],
  [
    'query-for-null-fields',
    { 'a.b': null },
    [{ _id: 1, a: [{ b: 1 }, {}] }, { _id: 2, a: [1, 2] }, { _id: 3, a: 5 }, { _id: 4 }],
    [1, 3, 4],
  ],
  ['ne', { qty: { $ne: 20 } }, inventory, [1, 3, 4]],
  ['gt', { qty: { $gt: 20 } }, inventory, [3, 4]],
  ['gt', { a: { $gt: 4 } }, mixed, [1, 3, 4]],
  ['gte', { qty: { $gte: 25 } }, inventory, [3, 4]],
  ['gte', { a: { $gte: null } }, nulls, [1, 2, 4]],
  ['lt', { qty: { $lt: 20 } }, inventory, [1]],
  ['lt', { a: { $lt: '6' } }, mixed, [2]],
  ['lte', { qty: { $lte: 20 } }, inventory, [1, 2, 5]],
  ['MinKey', { a: { $gt: new MinKey(), $lt: new MaxKey() } }, mixed, [1, 2, 3, 4, 5, 6, 7]],
  ['in', { qty: { $in: [15, 30] } }, inventory, [1, 4]],
  ['in', { tags: { $in: [new BSONRegExp('^[CD]')] } }, inventory, [1, 5]],
  ['in', { a: { $in: [null] } }, nulls, [1, 2, 4]],
  ['in', { a: { $in: [] } }, nulls, []],
  ['nin', { qty: { $nin: [15, 20] } }, inventory, [3, 4]],
  ['nin', { none: { $nin: [1] } }, [{ _id: 1 }], [1]],
  ['and', { $and: [{ qty: { $gt: 15 } }, { qty: { $lt: 30 } }] }, inventory, [2, 3, 5]],
  ['or', { $or: [{ qty: 15 }, { 'item.code': '000' }] }, inventory, [1, 5]],
  ['nor', { $nor: [{ qty: 15 }, { tags: 'B' }] }, inventory, [5]],
  ['not', { qty: { $not: { $gt: 15 } } }, inventory, [1]],
  ['not', { none: { $not: { $gt: 15 } } }, [{ _id: 1 }], [1]],
  [
    'not',
    { a: { $not: /^x/ } },
    [
      { _id: 1, a: 'xy' },
      { _id: 2, a: 'yx' },
    ],
    [2],
  ],
  ['exists', { a: { $exists: true } }, nulls, [1, 3, 4, 5]],
  ['exists', { a: { $exists: false } }, nulls, [2]],
  ['type', { a: { $type: 'number' } }, mixed, [1, 3, 4, 6]],
  ['type', { a: { $type: 'int' } }, mixed, [1]],
  ['type', { a: { $type: [2, 'date'] } }, mixed, [2, 5]],
  ['type', { tags: { $type: 'array' } }, inventory, [1, 2, 3, 4, 5]],
  ['mod', { qty: { $mod: [10, 5] } }, inventory, [1, 3]],
  ['regex', { 'item.name': { $regex: '^A', $options: 'i' } }, inventory, [1]],
  ['regex', { 'item.name': /^[ax]/ }, inventory, [1, 4]],
  ['regex', { s: { $regex: '見にくい' } }, [{ _id: 1, s: '画面が見にくい' }], [1]],
  ['size', { tags: { $size: 2 } }, inventory, [3, 4, 5]],
  ['all', { tags: { $all: ['A', 'B'] } }, inventory, [1, 3, 4]],
  ['all', { results: { $all: [{ $elemMatch: { product: 'xyz', score: { $gte: 8 } } }] } }, survey, [3]],
  ['elemMatch', { results: { $elemMatch: { $gte: 80, $lt: 85 } } }, results, [1]],
  ['elemMatch', { results: { $elemMatch: { product: 'xyz', score: { $gte: 8 } } } }, survey, [3]],
  ['elemMatch', { results: { $elemMatch: { product: { $ne: 'xyz' }, score: 8 } } }, survey, [2]],
  ['query-array-of-documents', { 'results.0.score': { $gt: 8 } }, survey, [1]],
  ['query-array-of-documents', { 'results.product': 'xyz', 'results.score': 10 }, survey, [1]],
  ['query-arrays', { results: { $gt: 88, $lt: 76 } }, results, [2]],
  [
    'expr',
    { $expr: { $gt: ['$qty', { $size: '$tags' }] } },
    [
      { _id: 1, qty: 1, tags: ['a'] },
      { _id: 2, qty: 2, tags: [] },
    ],
    [2],
  ],
  ['comment', { qty: 15, $comment: 'why' }, inventory, [1]],
  ['jsonSchema', { $jsonSchema: { required: ['qty'], properties: { qty: { minimum: 25 } } } }, inventory, [3, 4]],
];

describe('filters', () => {
  it.each(cases.map((one) => [one[0], JSON.stringify(one[1]), one] as const))(
    '%s: %s',
    (_page, _filter, [, filter, documents, found]) => {
      expect(matching(filter, documents)).toEqual(found);
    },
  );

  it('see a field called like a property of every JavaScript object only when it is there', () => {
    expect(matching({ constructor: { $exists: true } }, [{ _id: 1 }, { _id: 2, constructor: 1 }])).toEqual([2]);
    expect(matching({ 'toString.length': { $exists: true } }, [{ _id: 1 }])).toEqual([]);
  });

  it('compare ObjectIds, dates and text beyond the first plane in BSON order', () => {
    const low = new ObjectId('000000000000000000000001');
    const high = new ObjectId('ffffffffffffffffffffffff');
    expect(
      matching({ a: { $gt: low } }, [
        { _id: 1, a: low },
        { _id: 2, a: high },
      ]),
    ).toEqual([2]);
    expect(
      matching({ a: { $gt: '\uffee' } }, [
        { _id: 1, a: '👍' },
        { _id: 2, a: '画' },
      ]),
    ).toEqual([1]);
    expect(matching({ a: { $lt: new Date(0) } }, [{ _id: 1, a: new Date(-1) }])).toEqual([1]);
    expect(
      matching({ a: Long.fromString('9007199254740993') }, [{ _id: 1, a: Long.fromString('9007199254740992') }]),
    ).toEqual([]);
  });

  it.each([
    [{ a: { $foo: 1 } }, 2, 'unknown operator: $foo'],
    [
      { $foo: 1 },
      2,
      "unknown top level operator: $foo. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.",
    ],
    [{ a: { $gt: 1, $where: 'x' } }, 2, 'unknown operator: $where'],
    [{ $or: [] }, 2, '$and/$or/$nor must be a nonempty array'],
    [{ a: { $in: 1 } }, 2, '$in needs an array'],
    [{ $jsonSchema: { oneOf: [] } }, 9, 'Unknown $jsonSchema keyword: oneOf'],
    [{ $expr: { $foo: 1 } }, 168, "Unrecognized expression '$foo'"],
  ])('%j is refused', (filter, code, message) => {
    expect(faultOf(() => matching(filter, []))).toEqual({ code, message });
  });
});

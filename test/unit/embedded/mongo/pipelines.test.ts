import { describe, expect, it } from 'vitest';
import { accumulators } from '../../../../src/embedded/mongo/aggregate/accumulators.ts';
import { stageNames } from '../../../../src/embedded/mongo/aggregate/pipeline.ts';
import { aggregate, faultOf } from './golden.ts';

/** Pipeline, documents, result. Pages are those of https://www.mongodb.com/docs/manual/reference/operator/aggregation/. */
type Case = readonly [
  pipeline: readonly Record<string, unknown>[],
  documents: readonly object[],
  result: readonly object[],
];

const sales = [
  { _id: 1, item: 'abc', price: 10, quantity: 2 },
  { _id: 2, item: 'jkl', price: 20, quantity: 1 },
  { _id: 3, item: 'xyz', price: 5, quantity: 5 },
  { _id: 4, item: 'abc', price: 10, quantity: 10 },
];
const shirt = { _id: 1, item: 'ABC1', sizes: ['S', 'M', 'L'] };
const numbers = [
  { _id: 1, n: 0 },
  { _id: 2, n: 9.9 },
  { _id: 3, n: 10 },
  { _id: 4, n: 20 },
  { _id: 5, n: 'x' },
];

const cases: Case[] = [
  [[{ $match: { price: { $gte: 10 } } }, { $match: { quantity: 1 } }], sales, [sales[1] ?? {}]],
  [
    [{ $project: { item: 1, total: { $multiply: ['$price', '$quantity'] } } }, { $limit: 1 }],
    sales,
    [{ _id: 1, item: 'abc', total: 20 }],
  ],
  [[{ $project: { _id: 0, 'a.b': 1 } }], [{ _id: 1, a: [{ b: 1, c: 2 }, 5, { c: 3 }], d: 1 }], [{ a: [{ b: 1 }, {}] }]],
  [[{ $project: { 'a.b': 0, d: 0 } }], [{ _id: 1, a: [{ b: 1, c: 2 }, 5], d: 1 }], [{ _id: 1, a: [{ c: 2 }, 5] }]],
  [[{ $project: { x: '$$REMOVE', y: '$item' } }, { $limit: 1 }], sales, [{ _id: 1, y: 'abc' }]],
  [
    [{ $addFields: { 'spec.fuel': 'unleaded', 'list.n': 1 } }],
    [{ _id: 1, spec: { doors: 4 }, list: [{ m: 2 }, {}] }],
    [{ _id: 1, spec: { doors: 4, fuel: 'unleaded' }, list: [{ m: 2, n: 1 }, { n: 1 }] }],
  ],
  [[{ $set: { a: '$b', b: '$a' } }], [{ _id: 1, a: 1, b: 2 }], [{ _id: 1, a: 2, b: 1 }]],
  [[{ $unset: ['a.b', 'c'] }], [{ _id: 1, a: { b: 1, d: 2 }, c: 3 }], [{ _id: 1, a: { d: 2 } }]],
  [
    [{ $group: { _id: '$item', total: { $sum: { $multiply: ['$price', '$quantity'] } }, count: { $count: {} } } }],
    sales,
    [
      { _id: 'abc', total: 120, count: 2 },
      { _id: 'jkl', total: 20, count: 1 },
      { _id: 'xyz', total: 25, count: 1 },
    ],
  ],
  [[{ $group: { _id: null, n: { $avg: '$n' } } }], numbers, [{ _id: null, n: 9.975 }]],
  [
    [{ $group: { _id: { a: '$a', none: '$none' }, n: { $sum: 1 } } }],
    [{ a: 1 }, { a: 1 }, {}],
    [
      { _id: { a: 1 }, n: 2 },
      { _id: {}, n: 1 },
    ],
  ],
  [[{ $group: { _id: '$none', n: { $sum: 1 } } }], [{ none: null }, {}], [{ _id: null, n: 2 }]],
  [
    [{ $sort: { price: -1, _id: -1 } }, { $project: { _id: 1 } }],
    sales,
    [{ _id: 2 }, { _id: 4 }, { _id: 1 }, { _id: 3 }],
  ],
  [[{ $sort: { price: 1 } }, { $limit: 2 }, { $project: { _id: 1 } }], sales, [{ _id: 3 }, { _id: 1 }]],
  [[{ $skip: 3 }], sales, [sales[3] ?? {}]],
  [[{ $limit: 1 }], sales, [sales[0] ?? {}]],
  [[{ $unwind: '$sizes' }], [shirt], ['S', 'M', 'L'].map((sizes) => ({ ...shirt, sizes }))],
  [[{ $unwind: '$a' }], [{ _id: 1, a: [] }, { _id: 2, a: null }, { _id: 3 }, { _id: 4, a: 'x' }], [{ _id: 4, a: 'x' }]],
  [
    [{ $unwind: { path: '$a', preserveNullAndEmptyArrays: true, includeArrayIndex: 'at' } }],
    [
      { _id: 1, a: [] },
      { _id: 2, a: null },
      { _id: 3, a: ['x'] },
    ],
    [
      { _id: 1, at: null },
      { _id: 2, a: null, at: null },
      { _id: 3, a: 'x', at: 0 },
    ],
  ],
  [
    [{ $unwind: '$a.b' }],
    [{ _id: 1, a: { b: [1, 2], c: 3 } }],
    [
      { _id: 1, a: { b: 1, c: 3 } },
      { _id: 1, a: { b: 2, c: 3 } },
    ],
  ],
  [[{ $count: 'n' }], sales, [{ n: 4 }]],
  [[{ $count: 'n' }], [], []],
  [
    [{ $facet: { cheap: [{ $match: { price: 5 } }, { $project: { _id: 1 } }], n: [{ $count: 'n' }] } }],
    sales,
    [{ cheap: [{ _id: 3 }], n: [{ n: 4 }] }],
  ],
  [[{ $replaceRoot: { newRoot: { $mergeObjects: [{ a: 0 }, '$in'] } } }], [{ _id: 1, in: { b: 1 } }], [{ a: 0, b: 1 }]],
  [[{ $replaceWith: '$in' }], [{ _id: 1, in: { b: 1 } }], [{ b: 1 }]],
  [[{ $sample: { size: 9 } }, { $count: 'n' }], sales, [{ n: 4 }]],
  [[{ $sortByCount: '$item' }, { $limit: 1 }], sales, [{ _id: 'abc', count: 2 }]],
  [
    [{ $bucket: { groupBy: '$n', boundaries: [0, 10, 20], default: 'other' } }],
    numbers,
    [
      { _id: 0, count: 2 },
      { _id: 10, count: 1 },
      { _id: 'other', count: 2 },
    ],
  ],
  [
    [{ $lookup: { from: 'none', localField: 'item', foreignField: 'sku', as: 'found' } }, { $limit: 1 }],
    sales,
    [{ ...sales[0], found: [] }],
  ],
  [[{ $unionWith: 'none' }, { $count: 'n' }], sales, [{ n: 4 }]],
];

const accumulated: readonly [operator: string, values: readonly unknown[], expected: unknown][] = [
  ['$sum', [1, 'x', 2.5, null], 3.5],
  ['$sum', [0.1, 0.2, 0.3], 0.6],
  ['$avg', [1, 2, 'x', 6], 3],
  ['$avg', ['x'], null],
  ['$min', [3, null, 'a'], 3],
  ['$max', [3, null, 'a'], 'a'],
  ['$first', [undefined, 2], null],
  ['$last', [1, 2], 2],
  ['$push', [1, null, undefined, 1], [1, null, 1]],
  ['$addToSet', [1, 1, 'a', [1]], [1, 'a', [1]]],
  ['$stdDevPop', [80, 85, 90], Math.sqrt(50 / 3)],
  ['$stdDevSamp', [80, 85, 90], 5],
  ['$stdDevSamp', [80], null],
  ['$mergeObjects', [{ a: 1 }, { b: 2 }, null], { a: 1, b: 2 }],
];

describe('stages', () => {
  it.each(cases.map((one) => [JSON.stringify(one[0]), one] as const))('%s', (_, [pipeline, documents, result]) => {
    expect(aggregate(pipeline, documents)).toEqual(result);
  });

  it('have a golden case each', () => {
    const tested = new Set(cases.flatMap(([pipeline]) => pipeline.flatMap((stage) => Object.keys(stage))));
    expect([...stageNames].sort()).toEqual([...tested].sort());
  });

  it.each(accumulated)('%s over %j', (operator, values, expected) => {
    const documents = values.map((v) => ({ v }));
    const [group] = aggregate([{ $group: { _id: null, r: { [operator]: '$v' } } }], documents);
    if (typeof expected === 'number') expect(group?.r).toBeCloseTo(expected, 12);
    else expect(group?.r).toEqual(expected);
  });

  it('have a case for each accumulator', () => {
    expect(Object.keys(accumulators).sort()).toEqual([...new Set(accumulated.map(([operator]) => operator))].sort());
  });

  it('keep every field $group needs through $unwind', () => {
    const documents = [{ _id: 1, t: [{ k: 'a' }, { k: 'b' }], c: { d: 5 }, e: 1 }];
    const pipeline = [
      { $unwind: '$t' },
      { $match: { e: 1 } },
      { $group: { _id: '$t.k', n: { $sum: '$c.d' }, ids: { $push: '$_id' } } },
    ];
    expect(aggregate(pipeline, documents)).toEqual([
      { _id: 'a', n: 5, ids: [1] },
      { _id: 'b', n: 5, ids: [1] },
    ]);
    const whole = aggregate([{ $unwind: '$t' }, { $group: { _id: '$t.k', all: { $first: '$$ROOT' } } }], documents);
    expect(whole[0]?.all).toEqual({ _id: 1, t: { k: 'a' }, c: { d: 5 }, e: 1 });
  });

  it.each([
    [[{ $foo: 1 }], 40324, "Unrecognized pipeline stage name: '$foo'"],
    [[{ $out: 'x' }], 40324, "Unrecognized pipeline stage name: '$out'"],
    [[{ $group: { _id: 1, a: { $foo: 1 } } }], 15952, "unknown group operator '$foo'"],
    [[{ $group: { a: { $sum: 1 } } }], 15955, 'a group specification must include an _id'],
    [[{ $project: { a: 1, b: 0 } }], 31254, 'Cannot do exclusion on field b in inclusion projection'],
    [[{ $match: {}, $sort: {} }], 40323, 'A pipeline stage specification object must contain exactly one field.'],
    [[{ $project: { a: { $foo: 1 } } }], 168, "Unrecognized expression '$foo'"],
  ])('%j is refused', (pipeline, code, message) => {
    expect(faultOf(() => aggregate(pipeline, []))).toEqual({ code, message });
  });
});

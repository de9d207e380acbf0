import { Double, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { modifiers } from '../../../../src/embedded/mongo/update/modifiers.ts';
import { faultOf, update } from './golden.ts';

/** Update, document, document after it. Pages are those of https://www.mongodb.com/docs/manual/reference/operator/update/. */
type Case = readonly [update: Record<string, object>, before: Record<string, unknown>, after: Record<string, unknown>];

const quizzes = [
  { wk: 1, score: 10 },
  { wk: 2, score: 8 },
];

const cases: Case[] = [
  [
    { $set: { 'details.make': 'Fashionaires', 'tags.1': 'rain gear' } },
    { details: { model: '2600' }, tags: ['a', 'b'] },
    { details: { model: '2600', make: 'Fashionaires' }, tags: ['a', 'rain gear'] },
  ],
  [{ $set: { 'a.3': 1 } }, { a: [0] }, { a: [0, null, null, 1] }],
  [{ $set: { 'a.b': 1 } }, {}, { a: { b: 1 } }],
  [{ $setOnInsert: { a: 1 }, $set: { b: 2 } }, {}, { b: 2 }],
  [{ $unset: { a: '', 'b.c': 1, none: 1 } }, { a: 1, b: { c: 1, d: 2 } }, { b: { d: 2 } }],
  [{ $unset: { 'a.0': '' } }, { a: [1, 2] }, { a: [null, 2] }],
  [
    { $inc: { quantity: -2, 'metrics.orders': 1, fresh: 5 } },
    { quantity: 10, metrics: { orders: 2 } },
    { quantity: 8, metrics: { orders: 3 }, fresh: 5 },
  ],
  [{ $mul: { price: 1.25, none: 3 } }, { price: 10 }, { price: 12.5, none: 0 }],
  [{ $min: { low: 150, text: 1 } }, { low: 200, text: 'a' }, { low: 150, text: 1 }],
  [{ $max: { high: 870, none: 1 } }, { high: 800 }, { high: 870, none: 1 }],
  [{ $rename: { nmae: 'name', none: 'x' } }, { nmae: 'a', b: 1 }, { b: 1, name: 'a' }],
  [{ $rename: { 'name.first': 'name.fname' } }, { name: { first: 'a' } }, { name: { fname: 'a' } }],
  [{ $bit: { n: { and: 10 } } }, { n: 13 }, { n: 8 }],
  [{ $bit: { n: { or: 5, xor: 1 } } }, { n: 3 }, { n: 6 }],
  [{ $push: { scores: 89 } }, { scores: [1] }, { scores: [1, 89] }],
  [{ $push: { scores: { $each: [90, 92] } } }, {}, { scores: [90, 92] }],
  [{ $push: { scores: { $each: [50], $position: 0 } } }, { scores: [100] }, { scores: [50, 100] }],
  [{ $push: { scores: { $each: [20], $position: -1 } } }, { scores: [50, 60] }, { scores: [50, 20, 60] }],
  [
    { $push: { quizzes: { $each: [{ wk: 5, score: 9 }], $sort: { score: -1 }, $slice: 2 } } },
    { quizzes },
    { quizzes: [quizzes[0], { wk: 5, score: 9 }] },
  ],
  [{ $push: { a: { $each: [80, 78], $slice: -3 } } }, { a: [40, 50] }, { a: [50, 80, 78] }],
  [{ $push: { a: { $each: [], $sort: -1 } } }, { a: [2, 3, 1] }, { a: [3, 2, 1] }],
  [
    { $pull: { fruits: { $in: ['apples', 'oranges'] } } },
    { fruits: ['apples', 'pears', 'oranges'] },
    { fruits: ['pears'] },
  ],
  [
    { $pull: { results: { score: 8, item: 'B' } } },
    {
      results: [
        { item: 'A', score: 5 },
        { item: 'B', score: 8 },
      ],
    },
    { results: [{ item: 'A', score: 5 }] },
  ],
  [{ $pull: { votes: { $gte: 6 } } }, { votes: [3, 5, 6, 7] }, { votes: [3, 5] }],
  [{ $pull: { a: 1 } }, { a: [1, new Double(1), 2] }, { a: [2] }],
  [{ $pullAll: { scores: [0, 5] } }, { scores: [0, 2, 5, 5, 1, 0] }, { scores: [2, 1] }],
  [{ $addToSet: { tags: 'camera' } }, { tags: ['camera', 'b'] }, { tags: ['camera', 'b'] }],
  [{ $addToSet: { tags: { $each: ['camera', 'c'] } } }, { tags: ['camera'] }, { tags: ['camera', 'c'] }],
  [{ $addToSet: { tags: ['c', 'd'] } }, { tags: ['a'] }, { tags: ['a', ['c', 'd']] }],
  [{ $pop: { scores: -1 } }, { scores: [8, 9, 10] }, { scores: [9, 10] }],
  [{ $pop: { scores: 1 } }, { scores: [9, 10] }, { scores: [9] }],
  [{ $currentDate: { at: { $type: 'date' } } }, {}, { at: expect.any(Date) }],
];

describe('update operators', () => {
  it.each(cases.map((one) => [JSON.stringify(one[0]), one] as const))('%s', (_, [spec, before, after]) => {
    expect(update(before, spec)).toEqual(after);
  });

  it('have a golden case each', () => {
    const tested = new Set(cases.flatMap(([spec]) => Object.keys(spec)));
    expect(Object.keys(modifiers).sort()).toEqual([...tested].sort());
  });

  it('apply $setOnInsert to an insert', () => {
    expect(update({ _id: 1 }, { $setOnInsert: { a: 1 }, $set: { b: 2 } }, true)).toEqual({ _id: 1, a: 1, b: 2 });
  });

  it('widen integers and refuse what int64 cannot hold', () => {
    expect(update({ n: 2147483647 }, { $inc: { n: 1 } })).toEqual({ n: 2147483648 });
    expect(faultOf(() => update({ n: Long.MAX_VALUE }, { $inc: { n: 1 } })).code).toBe(2);
  });

  it.each([
    [{ $foo: { a: 1 } }, 9, 'Unknown modifier: $foo'],
    [{ $set: { a: 1 }, $inc: { a: 1 } }, 40, "Updating the path 'a' would create a conflict at 'a'"],
    [{ $set: { a: 1, 'a.b': 1 } }, 40, "Updating the path 'a.b' would create a conflict at 'a'"],
    [{ $inc: { text: 1 } }, 14, 'Cannot apply $inc to a value of non-numeric type'],
    [{ $set: { 'text.b': 1 } }, 28, "Cannot create field 'b' in element"],
    [{ $push: { text: 1 } }, 2, "The field 'text' must be an array"],
    [{ $set: { 'a.$': 1 } }, 115, 'the positional operator $'],
    [{ $push: { a: { $each: [1], $foo: 1 } } }, 2, 'Unrecognized clause in $push: $foo'],
  ])('%j is refused', (spec, code, message) => {
    const fault = faultOf(() => update({ text: 'x' }, spec));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(message);
  });
});

describe('updates', () => {
  it('replace a document and keep its _id', () => {
    expect(update({ _id: 1, a: 1 }, { b: 2 })).toEqual({ _id: 1, b: 2 });
  });

  it('run a pipeline of stages that change one document', () => {
    const spec = [{ $set: { total: { $add: ['$a', '$b.c'] }, 'b.d': '$$NOW' } }, { $unset: 'a' }];
    expect(update({ _id: 1, a: 1, b: { c: 2 } }, spec)).toEqual({ _id: 1, b: { c: 2, d: expect.any(Date) }, total: 3 });
    expect(faultOf(() => update({}, [{ $match: {} }]))).toEqual({
      code: 72,
      message: '$match is not allowed to be used within an update',
    });
  });
});

import { Double, Long, ObjectId } from 'bson';
import { describe, expect, it } from 'vitest';
import { expressionNames } from '../../../../src/embedded/mongo/aggregate/expressions/compile.ts';
import { evaluate, faultOf } from './golden.ts';

/** Expression, document, value. Pages are those of https://www.mongodb.com/docs/manual/reference/operator/aggregation/. */
type Case = readonly [expression: object, document: Record<string, unknown>, expected: unknown];

/** A key of MongoDB's syntax; written as a literal it would make the object look like a promise to linters. */
const then = 'then';
const at = (iso: string) => new Date(iso);

const arithmetic: Case[] = [
  [{ $abs: '$a' }, { a: -3 }, 3],
  [{ $abs: '$a' }, { a: null }, null],
  [{ $add: ['$a', 2, 0.5] }, { a: 1 }, 3.5],
  [{ $add: ['$d', 1000] }, { d: at('2026-01-01T00:00:00Z') }, at('2026-01-01T00:00:01Z')],
  [{ $add: ['$a', '$none'] }, { a: 1 }, null],
  [{ $ceil: '$a' }, { a: -2.8 }, -2],
  [{ $divide: ['$a', 2] }, { a: 3 }, 1.5],
  [{ $exp: 0 }, {}, 1],
  [{ $floor: '$a' }, { a: -2.2 }, -3],
  [{ $ln: 1 }, {}, 0],
  [{ $log: [100, 10] }, {}, 2],
  [{ $log10: 1000 }, {}, 3],
  [{ $mod: ['$a', 3] }, { a: -7 }, -1],
  [{ $multiply: ['$a', 4] }, { a: 2.5 }, 10],
  [{ $pow: ['$a', 3] }, { a: 2 }, 8],
  [{ $pow: [2, -1] }, {}, 0.5],
  [{ $round: ['$a', 1] }, { a: 19.25 }, 19.2],
  [{ $round: ['$a', 1] }, { a: 28.73 }, 28.7],
  [{ $round: '$a' }, { a: 2.5 }, 2],
  [{ $round: '$a' }, { a: 3.5 }, 4],
  [{ $round: ['$a', -1] }, { a: 44 }, 40],
  [{ $sqrt: '$a' }, { a: 25 }, 5],
  [{ $subtract: ['$a', '$b'] }, { a: 10, b: 4 }, 6],
  [{ $subtract: ['$b', '$a'] }, { a: at('2026-01-01T00:00:00Z'), b: at('2026-01-01T00:01:00Z') }, 60000],
  [{ $trunc: ['$a', 1] }, { a: -19.87 }, -19.8],
];

const comparison: Case[] = [
  [{ $cmp: ['$a', 250] }, { a: 300 }, 1],
  [{ $cmp: ['$a', '$b'] }, { a: 1, b: 'text' }, -1],
  [{ $eq: ['$a', 1] }, { a: new Double(1) }, true],
  [{ $eq: ['$none', null] }, {}, false],
  [{ $gt: ['$a', 250] }, { a: 250 }, false],
  [{ $gt: ['$a', 250] }, { a: 'text' }, true],
  [{ $gte: ['$a', 250] }, { a: 250 }, true],
  [{ $lt: ['$none', null] }, {}, true],
  [{ $lte: ['$a', 250] }, { a: 251 }, false],
  [{ $ne: ['$a', '$b'] }, { a: [1], b: [1] }, false],
];

const conditional: Case[] = [
  [{ $and: ['$a', { $gt: ['$a', 1] }] }, { a: 2 }, true],
  [{ $and: [] }, {}, true],
  [{ $or: ['$none', 0, null] }, {}, false],
  [{ $or: ['', 0] }, {}, true],
  [{ $not: ['$a'] }, { a: [false] }, false],
  [{ $cond: { if: { $gte: ['$qty', 250] }, [then]: 30, else: 20 } }, { qty: 300 }, 30],
  [{ $cond: [{ $gte: ['$qty', 250] }, 30, 20] }, { qty: 200 }, 20],
  [{ $ifNull: ['$none', '$null', 'Unspecified'] }, { null: null }, 'Unspecified'],
  [{ $switch: { branches: [{ case: { $eq: ['$a', 1] }, [then]: 'one' }], default: 'many' } }, { a: 2 }, 'many'],
];

const array: Case[] = [
  [{ $allElementsTrue: [[true, 1, 'some']] }, {}, true],
  [{ $allElementsTrue: [[true, 0]] }, {}, false],
  [{ $anyElementTrue: [[null, false, 0]] }, {}, false],
  [{ $arrayElemAt: ['$a', -1] }, { a: [1, 2, 3] }, 3],
  [{ $arrayElemAt: ['$a', 3] }, { a: [1, 2, 3] }, undefined],
  [{ $avg: '$a' }, { a: [1, 2, 'x', 6] }, 3],
  [{ $concatArrays: ['$a', ['c']] }, { a: ['a', 'b'] }, ['a', 'b', 'c']],
  [{ $concatArrays: ['$a', '$none'] }, { a: ['a'] }, null],
  [{ $filter: { input: '$a', as: 'n', cond: { $gt: ['$$n', 1] } } }, { a: [1, 2, 3] }, [2, 3]],
  [{ $filter: { input: '$a', cond: { $gt: ['$$this', 1] }, limit: 1 } }, { a: [1, 2, 3] }, [2]],
  [{ $first: '$a' }, { a: ['x', 'y'] }, 'x'],
  [{ $in: ['b', '$a'] }, { a: ['a', 'b'] }, true],
  [{ $indexOfArray: ['$a', 2] }, { a: [2, 1, 2] }, 0],
  [{ $indexOfArray: ['$a', 2, 1] }, { a: [2, 1, 2] }, 2],
  [{ $isArray: ['$a'] }, { a: [1] }, true],
  [{ $last: '$a' }, { a: ['x', 'y'] }, 'y'],
  [{ $map: { input: '$a', as: 'g', in: { $add: ['$$g', 2] } } }, { a: [5, 6] }, [7, 8]],
  [{ $max: '$a' }, { a: [1, 7, null] }, 7],
  [{ $max: ['$a', '$b'] }, { a: 1, b: 2 }, 2],
  [{ $min: '$a' }, { a: [3, 1] }, 1],
  [{ $range: [0, 10, 3] }, {}, [0, 3, 6, 9]],
  [{ $range: [5, 0, -2] }, {}, [5, 3, 1]],
  [{ $reduce: { input: ['a', 'b', 'c'], initialValue: '', in: { $concat: ['$$value', '$$this'] } } }, {}, 'abc'],
  [{ $reverseArray: '$a' }, { a: [1, 2, 3] }, [3, 2, 1]],
  [{ $size: '$a' }, { a: [1, 2] }, 2],
  [{ $slice: ['$a', 1, 2] }, { a: [1, 2, 3, 4] }, [2, 3]],
  [{ $slice: ['$a', -2] }, { a: [1, 2, 3] }, [2, 3]],
  [{ $slice: ['$a', -5, 2] }, { a: [1, 2, 3] }, [1, 2]],
  [{ $sortArray: { input: '$a', sortBy: { n: -1 } } }, { a: [{ n: 1 }, { n: 2 }] }, [{ n: 2 }, { n: 1 }]],
  [{ $sortArray: { input: '$a', sortBy: 1 } }, { a: ['b', 1, 'a'] }, [1, 'a', 'b']],
  [{ $sum: ['$a', '$b', 'text'] }, { a: 1, b: 2 }, 3],
  [{ $sum: '$a' }, { a: [1, 2, 3] }, 6],
  [{ $zip: { inputs: [['a'], ['b', 'c']] } }, {}, [['a', 'b']]],
  [
    { $zip: { inputs: [[1], [2, 3]], useLongestLength: true, defaults: ['a', 'b'] } },
    {},
    [
      [1, 2],
      ['a', 3],
    ],
  ],
];

const text: Case[] = [
  [{ $concat: ['$a', ' - ', '$b'] }, { a: '画面', b: '見にくい' }, '画面 - 見にくい'],
  [{ $concat: ['$a', '$none'] }, { a: 'x' }, null],
  [{ $indexOfCP: ['$a', 'foo'] }, { a: 'cafe foo' }, 5],
  [{ $indexOfCP: ['$a', '👍'] }, { a: '最高👍' }, 2],
  [{ $ltrim: { input: '  good  ' } }, {}, 'good  '],
  [{ $regexMatch: { input: '$a', regex: 'LINE', options: 'i' } }, { a: 'a line' }, true],
  [{ $replaceAll: { input: 'a-b-c', find: '-', replacement: { $literal: '$&' } } }, {}, 'a$&b$&c'],
  [{ $replaceOne: { input: 'a-b-c', find: '-', replacement: '+' } }, {}, 'a+b-c'],
  [{ $rtrim: { input: 'ggg bye', chars: 'ey' } }, {}, 'ggg b'],
  [{ $split: ['June-15-2013', '-'] }, {}, ['June', '15', '2013']],
  [{ $strcasecmp: ['13q1', '13Q4'] }, {}, -1],
  [{ $strLenBytes: '寿司' }, {}, 6],
  [{ $strLenCP: '寿司👍' }, {}, 3],
  [{ $substrCP: ['👍寿司です', 1, 2] }, {}, '寿司'],
  [{ $toLower: 'ÀBC' }, {}, 'Àbc'],
  [{ $toUpper: '$none' }, {}, ''],
  [{ $trim: { input: ' \n good  bye \t ' } }, {}, 'good  bye'],
];

const object: Case[] = [
  [
    {
      $arrayToObject: [
        [
          ['item', 'abc'],
          ['qty', 25],
        ],
      ],
    },
    {},
    { item: 'abc', qty: 25 },
  ],
  [{ $arrayToObject: '$a' }, { a: [{ k: 'x', v: 1 }] }, { x: 1 }],
  [{ $getField: 'a.b' }, { 'a.b': 7 }, 7],
  [{ $getField: { field: 'x', input: '$a' } }, { a: { x: 1 } }, 1],
  [{ $mergeObjects: [{ a: 1, b: 2 }, null, { b: 3 }] }, {}, { a: 1, b: 3 }],
  [
    { $objectToArray: '$a' },
    { a: { x: 1, y: 2 } },
    [
      { k: 'x', v: 1 },
      { k: 'y', v: 2 },
    ],
  ],
  [{ $setField: { field: 'b', input: '$a', value: 2 } }, { a: { x: 1 } }, { x: 1, b: 2 }],
  [{ $setField: { field: 'x', input: '$a', value: '$$REMOVE' } }, { a: { x: 1 } }, {}],
  [{ $let: { vars: { a: 1, b: '$n' }, in: { $add: ['$$a', '$$b'] } } }, { n: 2 }, 3],
  [{ $literal: { $add: ['$a', 1] } }, {}, { $add: ['$a', 1] }],
];

const sets: Case[] = [
  [{ $setDifference: ['$a', ['b']] }, { a: ['a', 'b', 'a'] }, ['a']],
  [{ $setEquals: ['$a', [2, 1]] }, { a: [1, 2, 2] }, true],
  [
    {
      $setIntersection: [
        [1, 2, 3],
        [3, 1, 1],
      ],
    },
    {},
    [1, 3],
  ],
  [{ $setIsSubset: [[1], [2, 1]] }, {}, true],
  [
    {
      $setUnion: [
        ['a', 'b', 'a'],
        ['c', 'b'],
      ],
    },
    {},
    ['a', 'b', 'c'],
  ],
];

const id = new ObjectId('5ab9cbfa31c2ab715d42129e');
const conversion: Case[] = [
  [{ $convert: { input: 'x', to: 'int', onError: 'bad' } }, {}, 'bad'],
  [{ $convert: { input: null, to: 'int', onNull: 0 } }, {}, 0],
  [{ $convert: { input: '$a', to: 16 } }, { a: 5.9 }, 5],
  [{ $isNumber: '$a' }, { a: Long.fromNumber(1) }, true],
  [{ $toBool: 'false' }, {}, true],
  [{ $toBool: 0 }, {}, false],
  [{ $toDate: '2018-03-20' }, {}, at('2018-03-20T00:00:00Z')],
  [{ $toDate: '2018-03-20T11:00:06+0500' }, {}, at('2018-03-20T06:00:06Z')],
  [{ $toDate: '$a' }, { a: id }, at('2018-03-27T04:43:38Z')],
  [{ $toDouble: '-2.5' }, {}, -2.5],
  [{ $toInt: '-2' }, {}, -2],
  [{ $toInt: -5.9 }, {}, -5],
  [{ $toLong: '$a' }, { a: at('1970-01-01T00:00:01Z') }, 1000],
  [{ $toObjectId: '5ab9cbfa31c2ab715d42129e' }, {}, id],
  [{ $toString: '$a' }, { a: 2.5 }, '2.5'],
  [{ $toString: '$a' }, { a: at('2018-03-27T16:58:51.538Z') }, '2018-03-27T16:58:51.538Z'],
  [{ $toString: true }, {}, 'true'],
  [{ $type: '$none' }, {}, 'missing'],
  [{ $type: '$a' }, { a: new Double(1) }, 'double'],
];

const noon = at('2026-01-01T08:15:39.736Z');
const date: Case[] = [
  [{ $dayOfMonth: '$d' }, { d: noon }, 1],
  [{ $dayOfWeek: '$d' }, { d: noon }, 5],
  [{ $dayOfYear: '$d' }, { d: at('2014-12-31T00:00:00Z') }, 365],
  [{ $hour: { date: '$d', timezone: 'Asia/Tokyo' } }, { d: noon }, 17],
  [{ $hour: { date: '$d', timezone: '-05:30' } }, { d: noon }, 2],
  [{ $isoDayOfWeek: { date: '$d' } }, { d: at('2016-01-03T00:00:00Z') }, 7],
  [{ $isoWeek: '$d' }, { d: at('2016-01-03T00:00:00Z') }, 53],
  [{ $isoWeekYear: '$d' }, { d: at('2016-01-01T00:00:00Z') }, 2015],
  [{ $millisecond: '$d' }, { d: noon }, 736],
  [{ $minute: '$d' }, { d: noon }, 15],
  [{ $month: { date: '$d', timezone: 'America/New_York' } }, { d: at('2026-01-01T03:00:00Z') }, 12],
  [{ $second: '$d' }, { d: noon }, 39],
  [{ $week: '$d' }, { d: at('2016-01-03T00:00:00Z') }, 1],
  [{ $week: '$d' }, { d: at('2016-01-02T00:00:00Z') }, 0],
  [{ $year: '$none' }, {}, null],
  [
    { $dateAdd: { startDate: '$d', unit: 'month', amount: 1 } },
    { d: at('2024-01-31T00:00:00Z') },
    at('2024-02-29T00:00:00Z'),
  ],
  [
    // dateAdd/: a day added over the change of clocks keeps the time of day.
    { $dateAdd: { startDate: '$d', unit: 'day', amount: 1, timezone: 'America/New_York' } },
    { d: at('2021-03-13T15:00:00Z') },
    at('2021-03-14T14:00:00Z'),
  ],
  [{ $dateSubtract: { startDate: '$d', unit: 'hour', amount: 2 } }, { d: noon }, at('2026-01-01T06:15:39.736Z')],
  [
    { $dateDiff: { startDate: '$a', endDate: '$b', unit: 'year' } },
    { a: at('2020-12-31T00:00:00Z'), b: at('2021-01-01T00:00:00Z') },
    1,
  ],
  [
    { $dateDiff: { startDate: '$a', endDate: '$b', unit: 'week', startOfWeek: 'monday' } },
    { a: at('2026-01-04T00:00:00Z'), b: at('2026-01-05T00:00:00Z') },
    1,
  ],
  [
    { $dateFromString: { dateString: '2017-02-08T12:10:40.787', timezone: 'America/New_York' } },
    {},
    at('2017-02-08T17:10:40.787Z'),
  ],
  [{ $dateFromString: { dateString: 'no date', onError: 'none' } }, {}, 'none'],
  [{ $dateToString: { date: '$d' } }, { d: noon }, '2026-01-01T08:15:39.736Z'],
  [
    { $dateToString: { date: '$d', format: '%Y-%m-%d %H:%M %z', timezone: 'Asia/Tokyo' } },
    { d: noon },
    '2026-01-01 17:15 +0900',
  ],
  [
    { $dateToString: { date: '$d', format: '%G-W%V-%u %j %U %w %b %B %%' } },
    { d: noon },
    '2026-W01-4 001 00 5 Jan January %',
  ],
  [{ $dateToString: { date: null, onNull: '-' } }, {}, '-'],
  [{ $dateTrunc: { date: '$d', unit: 'hour' } }, { d: noon }, at('2026-01-01T08:00:00Z')],
  // A day in Tokyo begins at 15:00 UTC of the day before.
  [
    { $dateTrunc: { date: '$d', unit: 'day', timezone: 'Asia/Tokyo' } },
    { d: at('2026-01-01T14:59:59Z') },
    at('2025-12-31T15:00:00Z'),
  ],
  [
    { $dateTrunc: { date: '$d', unit: 'day', timezone: 'Asia/Tokyo' } },
    { d: at('2026-01-01T15:00:00Z') },
    at('2026-01-01T15:00:00Z'),
  ],
  [
    { $dateTrunc: { date: '$d', unit: 'week', startOfWeek: 'monday' } },
    { d: at('2021-03-20T11:30:05Z') },
    at('2021-03-15T00:00:00Z'),
  ],
  // dateTrunc/: bins are counted from the year 2000; the second case is the manual's own.
  [
    { $dateTrunc: { date: '$d', unit: 'month', binSize: 6, timezone: 'America/Los_Angeles' } },
    { d: at('2021-03-20T11:30:05Z') },
    at('2021-01-01T08:00:00Z'),
  ],
  [
    { $dateTrunc: { date: '$d', unit: 'week', binSize: 2, timezone: 'America/Los_Angeles', startOfWeek: 'Monday' } },
    { d: at('2020-05-18T14:10:30Z') },
    at('2020-05-11T07:00:00Z'),
  ],
  [{ $dateTrunc: { date: '$d', unit: 'quarter' } }, { d: at('2021-03-20T11:30:05Z') }, at('2021-01-01T00:00:00Z')],
];

const groups = { arithmetic, comparison, conditional, array, text, object, sets, conversion, date };

for (const [group, cases] of Object.entries(groups)) {
  describe(`${group} expressions`, () => {
    it.each(cases.map((one) => [JSON.stringify(one[0]), one] as const))('%s', (_, [expression, document, expected]) => {
      expect(evaluate(expression, document)).toEqual(expected);
    });
  });
}

describe('expressions', () => {
  it('have a golden case each', () => {
    const tested = new Set(
      Object.values(groups).flatMap((cases) => cases.flatMap(([expression]) => Object.keys(expression))),
    );
    expect([...expressionNames].sort()).toEqual([...tested].sort());
  });

  it('refuse an operator by its name', () => {
    expect(faultOf(() => evaluate({ $foo: 1 }))).toEqual({ code: 168, message: "Unrecognized expression '$foo'" });
    expect(faultOf(() => evaluate({ $constructor: 1 })).code).toBe(168);
    expect(faultOf(() => evaluate({ $add: 1, $sum: 1 })).code).toBe(15983);
    expect(faultOf(() => evaluate('$$nobody'))).toEqual({ code: 17276, message: 'Use of undefined variable: nobody' });
  });

  it.each([
    [{ $divide: [1, 0] }, 2],
    [{ $mod: [1, 0] }, 16610],
    [{ $add: ['x', 1] }, 14],
    [{ $size: '$none' }, 17124],
    [{ $concat: [1] }, 16702],
    [{ $toInt: 'x' }, 241],
    [{ $switch: { branches: [{ case: false, [then]: 1 }] } }, 40069],
    [{ $eq: [1] }, 16020],
    [{ $hour: { date: '$$NOW', timezone: 'Nowhere/City' } }, 40485],
  ])('%j fails with code %i', (expression, code) => {
    expect(faultOf(() => evaluate(expression)).code).toBe(code);
  });

  it('find paths in arrays of documents, and only there', () => {
    expect(evaluate('$a.b', { a: [{ b: 1 }, { c: 2 }, 3, { b: 4 }] })).toEqual([1, 4]);
    expect(evaluate('$a.b.c', { a: { b: { c: 5 } } })).toBe(5);
    expect(evaluate('$a.0', { a: [1, 2] })).toEqual([]);
    expect(evaluate(['$a', '$none'], { a: 1 })).toEqual([1, null]);
    expect(evaluate({ x: '$none', y: 1 })).toEqual({ y: 1 });
  });

  it('keep the types of numbers', () => {
    const typeOf = (expression: object, document = {}) => evaluate({ $type: [expression] }, document);
    expect(typeOf({ $add: [1, 2] })).toBe('int');
    expect(typeOf({ $add: [2147483647, 1] })).toBe('long');
    expect(typeOf({ $add: ['$l', 1] }, { l: Long.fromNumber(1) })).toBe('long');
    expect(typeOf({ $add: [0.5, 0.5] })).toBe('double');
    expect(typeOf({ $divide: [4, 2] })).toBe('double');
    expect(typeOf({ $sum: [0.5, 0.5] })).toBe('double');
    expect(evaluate({ $multiply: ['$l', 3] }, { l: Long.fromString('2000000000000000001') })).toEqual(
      Long.fromString('6000000000000000003'),
    );
  });
});

import { expect, test } from 'vitest';
import { guessScale, readRating } from '../../../src/import/read-rating.ts';

test.each([
  ['★★★', { value: 3 }],
  ['★★★☆☆', { value: 3, max: 5 }],
  ['★★★★☆(4.0)', { value: 4, max: 5 }],
  ['★★★★☆(3)', undefined],
  ['★★★★☆ 4', { value: 4, max: 5 }],
  ['⭐️⭐️', { value: 2 }],
  ['5点', { value: 5 }],
  ['４．５', { value: 4.5 }],
  ['星4つ', { value: 4 }],
  ['★4.5', { value: 4.5 }],
  ['4 stars', { value: 4 }],
  ['4/5', { value: 4, max: 5 }],
  ['8 out of 10', { value: 8, max: 10 }],
  ['5点満点中4点', { value: 4, max: 5 }],
  ['10段階中 7', { value: 7, max: 10 }],
  [4, { value: 4 }],
  ['良い', undefined],
  ['', undefined],
  ['☆☆☆', undefined],
  [null, undefined],
  [Number.NaN, undefined],
])('%j', (cell, rating) => {
  expect(readRating(cell)).toEqual(rating);
});

test('the scale is what the ratings tell, or the narrowest that holds nearly all of them', () => {
  expect(guessScale([])).toEqual({ min: 1, max: 5 });
  expect(guessScale([{ value: 3, max: 5 }, { value: 2 }])).toEqual({ min: 1, max: 5 });
  expect(guessScale([{ value: 3 }, { value: 8 }, { value: 0 }])).toEqual({ min: 0, max: 10 });
  expect(guessScale([{ value: 85 }, { value: 8 }])).toEqual({ min: 0, max: 100 });
  const slip = [...Array.from({ length: 40 }, (_, at) => ({ value: 1 + (at % 5) })), { value: 44 }];
  expect(guessScale(slip)).toEqual({ min: 1, max: 5 });
});

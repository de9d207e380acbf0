import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { passagesOf, underTitle } from '../../../src/analysis/passages.ts';

/** Sentences of these lengths with a blank between any two. */
function sentencesOf(lengths: readonly number[]) {
  let start = 0;
  return lengths.map((length) => {
    const span = { start, end: start + length };
    start = span.end + 1;
    return span;
  });
}

test('a text of one sentence has none', () => {
  expect(passagesOf([])).toEqual([]);
  expect(passagesOf(sentencesOf([50]))).toEqual([]);
});

test('a short text is one passage', () => {
  expect(passagesOf(sentencesOf([50, 60, 40]))).toEqual([{ start: 0, end: 152 }]);
});

test('a longer text becomes passages of about equal length', () => {
  const lengths = passagesOf(sentencesOf(new Array(10).fill(30))).map(({ start, end }) => end - start);
  expect(lengths).toEqual([154, 154]);
});

test('passages are whole sentences in order, cover all, and are too long only where one sentence is', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 2, maxLength: 60 }), (lengths) => {
      const sentences = sentencesOf(lengths);
      const passages = passagesOf(sentences);
      expect(passages[0]?.start).toBe(0);
      expect(passages.at(-1)?.end).toBe(sentences.at(-1)?.end);
      for (const [index, { start, end }] of passages.entries()) {
        expect(sentences.some((sentence) => sentence.start === start)).toBe(true);
        expect(sentences.some((sentence) => sentence.end === end)).toBe(true);
        if (index > 0) expect(start).toBe((passages[index - 1]?.end ?? 0) + 1);
        const whole = sentences.filter((sentence) => sentence.start >= start && sentence.end <= end);
        expect(end - start <= 180 || whole.length === 1).toBe(true);
      }
    }),
  );
});

describe('under a title', () => {
  test.each<[string, string | undefined, readonly string[], string, readonly string[]]>([
    ['no title', undefined, ['一。二。'], '一。二。', ['一。二。']],
    ['a title', '残念です。', ['一。二。'], '一。二。', ['残念です。一。二。']],
    ['a text of one sentence', '残念', [], '届きました。', ['残念。届きました。']],
    [
      'a title that does not fit',
      '残'.repeat(20),
      ['一'.repeat(170), '二。'],
      '一',
      ['残'.repeat(20), '一'.repeat(170), '二。'],
    ],
    ['a title that the text begins with', '残念です', [], ' 残念です。返品します。', []],
    ['a title without words', '★☆☆ 1/5', [], '届きました。', []],
  ])('%s', (_, title, passages, text, expected) => {
    expect(underTitle(title, passages, text)).toEqual(expected);
  });
});

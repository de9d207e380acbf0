import { expect, test } from 'vitest';
import { PhraseMatcher } from '../../../src/analysis/phrase-matcher.ts';
import type { Token } from '../../../src/text/tokenizer.ts';

function tokensOf(...words: readonly (readonly [surface: string, lemma?: string, partOfSpeech?: string])[]): Token[] {
  let start = 0;
  return words.map(([surface, lemma = surface, partOfSpeech = '名詞']) => {
    const span = { start, end: start + surface.length };
    start = span.end;
    return { surface, lemma, partOfSpeech, detail: '*', span };
  });
}

const matcher = new PhraseMatcher([
  { text: '気が利く', value: 'thoughtful' },
  { text: '気', value: 'spirit' },
  { text: '神', value: 'divine', partOfSpeech: '名詞' },
  { text: '返品', value: 'return' },
  { text: '返品', value: 'shipping' },
]);

test('the longest phrase wins, its last word in any form', () => {
  const tokens = tokensOf(['気'], ['が'], ['利い', '利く', '動詞'], ['た'], ['気']);
  expect(matcher.find(tokens)).toEqual([
    { first: 0, end: 3, text: '気が利く', values: ['thoughtful'] },
    { first: 4, end: 5, text: '気', values: ['spirit'] },
  ]);
});

test('a phrase matches whole words only', () => {
  expect(matcher.find(tokensOf(['返品物'], ['神社']))).toEqual([]);
});

test('a part of speech is demanded where it is given', () => {
  expect(matcher.find(tokensOf(['神', '神', '接頭詞']))).toEqual([]);
  expect(matcher.find(tokensOf(['神']))).toHaveLength(1);
});

test('one phrase may have several values', () => {
  expect(matcher.find(tokensOf(['返品']))).toEqual([
    { first: 0, end: 1, text: '返品', values: ['return', 'shipping'] },
  ]);
});

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTokenizer, type Tokenizer } from '../../../src/text/tokenizer.ts';
import { blockingMs, fastest } from './fastest.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadTokenizer();
});

const surfaces = (text: string) => tokenizer.tokenize(text).map((token) => token.surface);

test('a token has its dictionary form, part of speech, form, reading and range', () => {
  expect(tokenizer.tokenize('画面が見やすかった')[2]).toEqual({
    surface: '見やすかっ',
    lemma: '見やすい',
    partOfSpeech: '形容詞',
    detail: '自立',
    inflection: '形容詞・アウオ段',
    conjugation: '連用タ接続',
    reading: 'ミヤスカッ',
    span: { start: 3, end: 8 },
  });
});

test('an unknown word is its own dictionary form and has no reading', () => {
  const [token] = tokenizer.tokenize('グルポニャ');
  expect(token).toMatchObject({ surface: 'グルポニャ', lemma: 'グルポニャ', partOfSpeech: '名詞' });
  expect(token?.reading).toBeUndefined();
});

describe('emoji', () => {
  test.each([
    ['最高👍🏻です。', ['最高', '👍🏻', 'です', '。']],
    ['😭😭良い', ['😭', '😭', '良い']],
    ['👨‍👩‍👧と🇯🇵', ['👨‍👩‍👧', 'と', '🇯🇵']],
    ['𠮷野家', ['𠮷', '野家']],
  ])('in %j nothing is lost', (text, words) => {
    expect(surfaces(text)).toEqual(words);
  });

  test('are signs', () => {
    expect(tokenizer.tokenize('👍')[0]).toMatchObject({ partOfSpeech: '記号' });
    expect(tokenizer.tokenize('!?!?')[0]).toMatchObject({ partOfSpeech: '記号' });
  });
});

test('surfaces joined are the text, and spans point at them', () => {
  const pieces = fc.oneof(
    fc.constantFrom(
      '配送が遅い',
      '👍🏻',
      '👨‍👩‍👧',
      '𠮷',
      'ｶﾞ',
      'wwww',
      '。',
      '、',
      ' ',
      '\n',
      'ABC',
      '123',
      '한국',
      'é',
      '\ud83d',
      '\udc4d',
      '\u0000',
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
      (text) => {
        let end = 0;
        for (const token of tokenizer.tokenize(text)) {
          expect(token.span.start).toBe(end);
          expect(text.slice(token.span.start, token.span.end)).toBe(token.surface);
          end = token.span.end;
        }
        expect(end).toBe(text.length);
      },
    ),
    { numRuns: 500 },
  );
});

describe('junk', () => {
  test.each(['w', 'ア', 'あ', '一', '漢字', '1', '!', '👍', '👍🏻', 'ー', 'é', '한', '\u0301', '\ud83d'])(
    '1,000 units of %j do not block',
    (unit) => {
      expect(fastest(() => tokenizer.tokenize(unit.repeat(1000 / unit.length)))).toBeLessThan(blockingMs);
    },
  );

  test.each(['ア', 'あ', '一', 'w', '👍', ' '])('20,000 times %j comes back whole', (unit) => {
    const text = unit.repeat(20_000);
    const start = performance.now();
    expect(surfaces(text).join('')).toBe(text);
    expect(performance.now() - start).toBeLessThan(10 * blockingMs);
  });
});

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadDictionary } from '../../../src/analysis/load-assets.ts';
import { parseDictionary } from '../../../src/domain/dictionary.ts';
import { loadTokenizer, type Tokenizer } from '../../../src/text/tokenizer.ts';
import { UserDictionary, UserDictionaryTokenizer } from '../../../src/text/user-dictionary.ts';
import { blockingMs, fastest } from './fastest.ts';

let kuromoji: Tokenizer;
beforeAll(async () => {
  kuromoji = await loadTokenizer();
});

const own = parseDictionary({
  words: ['きのこの山', { word: 'コエペイ', reading: 'コエペイ' }, 'コエペイカード', 'X-100'],
  synonyms: [
    ['スマートフォン', 'スマホ'],
    ['ロイヤルティ', 'ロイヤリティ', 'ロイヤルリティ'],
  ],
});
const words = (text: string, content = own) =>
  new UserDictionaryTokenizer(kuromoji, [content]).tokenize(text).map(({ surface }) => surface);
const lemmas = (text: string) => new UserDictionaryTokenizer(kuromoji, [own]).tokenize(text).map(({ lemma }) => lemma);

describe('words', () => {
  test.each([
    ['きのこの山が溶けた', ['きのこの山', 'が', '溶け', 'た']],
    ['コエペイで払う', ['コエペイ', 'で', '払う']],
    ['コエペイカードを作る', ['コエペイカード', 'を', '作る']],
    ['コエペイアプリが重い', ['コエペイ', 'アプリ', 'が', '重い']],
    ['x-100が届く', ['x-100', 'が', '届く']],
    ['X-1000が届く', ['X', '-', '1000', 'が', '届く']],
  ])('%j is cut into %j', (text, tokens) => {
    expect(words(text)).toEqual(tokens);
  });

  test('a merged word is a noun with its own span and reading', () => {
    const [, token] = new UserDictionaryTokenizer(kuromoji, [own]).tokenize('新コエペイ');
    expect(token).toMatchObject({
      surface: 'コエペイ',
      lemma: 'コエペイ',
      partOfSpeech: '名詞',
      reading: 'コエペイ',
      span: { start: 1, end: 5 },
    });
  });

  test('no word of Latin letters is found within a longer one', () => {
    expect(words('ONLINEで買う', parseDictionary({ words: ['LINE'] }))[0]).toBe('ONLINE');
  });
});

describe('synonyms', () => {
  test.each([
    ['スマホが重い', 'スマートフォン'],
    ['スマートフォンが重い', 'スマートフォン'],
    ['ロイヤリティが高い', 'ロイヤルティ'],
    ['ロイヤルリティが高い', 'ロイヤルティ'],
  ])('%j speaks of %s', (text, lemma) => {
    expect(lemmas(text)[0]).toBe(lemma);
  });

  test("of a tenant come on top of koe's", () => {
    const ofTenant = parseDictionary({ synonyms: [['ケータイ', 'スマートフォン']] });
    expect(new UserDictionary([own, ofTenant]).canonicalLemma('スマホ')).toBe('ケータイ');
    const reversed = parseDictionary({ synonyms: [['スマホ', 'スマートフォン']] });
    expect(new UserDictionary([own, reversed]).canonicalLemma('スマートフォン')).toBe('スマホ');
  });
});

test("koe's own dictionary holds together", () => {
  const base = loadDictionary();
  const dictionary = new UserDictionary([base]);
  for (const [first = '', ...others] of base.synonyms) {
    for (const other of others) expect(dictionary.canonicalLemma(other)).toBe(first);
  }
});

test('surfaces joined are the text, and spans point at them', () => {
  const tokenizer = new UserDictionaryTokenizer(kuromoji, [own, loadDictionary()]);
  const pieces = fc.oneof(
    fc.constantFrom(
      'コエペイ',
      'コエ',
      'カード',
      'きのこの',
      '山',
      'スマホ',
      'ガグポ',
      'X-',
      '100',
      'LINE',
      'は',
      '👍',
      ' ',
      'wifi',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
      const text = parts.join('');
      let end = 0;
      for (const { surface, span } of tokenizer.tokenize(text)) {
        if (span.start !== end || span.end <= end || text.slice(span.start, span.end) !== surface) {
          throw new Error(`${surface} at ${span.start}-${span.end} after ${end}`);
        }
        end = span.end;
      }
      expect(end).toBe(text.length);
    }),
    { numRuns: 300 },
  );
});

test.each(['スマ', 'コエペイ', 'きのこの', 'X-'])('20,000 units of %j do not block', (unit) => {
  const text = unit.repeat(20_000 / unit.length);
  const tokens = kuromoji.tokenize(text);
  const dictionary = new UserDictionary([own]);
  expect(fastest(() => dictionary.apply(tokens, text))).toBeLessThan(blockingMs);
});

describe('a dictionary is refused that', () => {
  test.each([
    [{ words: [{ word: 'コエ', reading: 'koe' }] }, 'words[0].reading: must be katakana'],
    [{ words: ['の'] }, 'words[0]: must be more than one hiragana letter'],
    [{ words: [{ wrod: 'コエ' }] }, 'words[0].word'],
    [{ synonyms: [['スマホ']] }, 'synonyms[0]'],
    [
      {
        synonyms: [
          ['A1', 'B1'],
          ['C1', 'Ｂ１'],
        ],
      },
      'synonyms[1][1]: Ｂ１ is in synonyms[0][1] too',
    ],
    [{ words: ['コエ', 'コエ'] }, 'words[1]: コエ is in words[0] too'],
    [{ synonym: [] }, 'synonym'],
    ['コエ', 'the file'],
  ])('%j: %s', (data, problem) => {
    expect(() => parseDictionary(data)).toThrow(problem);
  });
});

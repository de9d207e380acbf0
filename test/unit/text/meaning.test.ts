import { describe, expect, test } from 'vitest';
import { alignText } from '../../../src/text/aligned-text.ts';
import { lackOfMeaning } from '../../../src/text/meaning.ts';
import { blockingMs, fastest } from './fastest.ts';

const lackOf = (text: string) => lackOfMeaning(alignText(text).normalized);

describe('meaning', () => {
  test.each([
    ['特になし', 'no-answer'],
    ['別になし', 'no-answer'],
    ['ナシ', 'no-answer'],
    ['n/a', 'no-answer'],
    ['ｔｅｓｔ', 'test'],
    ['テスト投稿です', 'test'],
    ['ああああ', 'repetition'],
    ['ｗｗｗｗ', 'repetition'],
    ['ほげほげほげほげほげほげほげほげほげ', 'repetition'],
    ['あいうえお', 'keyboard'],
    ['12345', 'keyboard'],
    ['98', 'signs'],
    ['★★★★★', 'signs'],
    ['a', 'signs'],
    ['', 'signs'],
    ['　\u200b', 'signs'],
  ])('%j has none: %s', (text, reason) => {
    expect(lackOf(text)).toBe(reason);
  });

  test.each([
    'ない！',
    '最悪',
    '神',
    'いい',
    'まあまあ',
    'ふわふわ',
    '😡',
    '👍🏻👍🏻',
    '(^_^)',
    '特に接客が良い',
    '特になしと言いたいが高い',
    '在庫なし',
    '問題なし',
    'テストに出ない',
    '遅',
    '星5',
    'わからない',
    '最高最高最高',
    '♡',
  ])('%j has some', (text) => {
    expect(lackOf(text)).toBeUndefined();
  });

  test.each(['あ', 'ab', 'ー', 'テスト', '特に', 'ほげ', '1'])('20,000 units of %j do not block', (unit) => {
    const text = unit.repeat(20_000 / unit.length);
    expect(fastest(() => lackOfMeaning(text))).toBeLessThan(blockingMs);
  });
});

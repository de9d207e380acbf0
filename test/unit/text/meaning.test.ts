import { describe, expect, test } from 'vitest';
import { isMeaningful } from '../../../src/text/meaning.ts';

describe('meaning', () => {
  test.each([
    '特になし',
    '特にありません。',
    'とくにないです',
    '別になし',
    'なし',
    '無し',
    'ナシ',
    '要望なし',
    'ああああ',
    'テスト',
    'テスト投稿です',
    'test',
    'あいうえお',
    '。。。',
    '！？',
    '12345',
    '-',
    'n/a',
    'None',
    'ｔｅｓｔ',
    'ｗｗｗｗ',
    '★★★★★',
    'ほげほげほげほげほげほげほげほげほげ',
    'a',
    '',
    '　',
  ])('%j has none', (text) => {
    expect(isMeaningful(text)).toBe(false);
  });

  test.each([
    'ない！',
    '最悪',
    '神',
    '😡',
    '👍🏻👍🏻',
    '(^_^)',
    '(T_T)',
    '特に接客が良い',
    '特になしと言いたいが高い',
    '在庫なし',
    '無し！',
    'テストに出ない',
    '高い',
    '遅',
    '星5',
    'わからない',
    '不満はありませんが高い',
    '♡',
  ])('%j has some', (text) => {
    expect(isMeaningful(text)).toBe(true);
  });
});

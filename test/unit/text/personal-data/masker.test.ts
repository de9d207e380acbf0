import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMasker } from '../../../../src/text/personal-data/masker.ts';
import { loadPersonNames } from '../../../../src/text/personal-data/person-names.ts';
import { placeholders, withoutPlaceholders } from '../../../../src/text/personal-data/placeholders.ts';
import { blockingMs, fastest } from '../fastest.ts';

const masker = createMasker(await loadPersonNames());

describe('masked', () => {
  test.each([
    ['連絡はtaro.yamada+shop@example.co.jpまで', '連絡は[メールアドレス]まで', { mail: 1 }],
    ['ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐです', '[メールアドレス]です', { mail: 1 }],
    ['taro[at]example.comへ', '[メールアドレス]へ', { mail: 1 }],
    ['090-1234-5678に電話ください', '[電話番号]に電話ください', { phone: 1 }],
    ['０９０１２３４５６７８です', '[電話番号]です', { phone: 1 }],
    ['０３－１２３４－５６７８か(06)6123-4567', '[電話番号]か[電話番号]', { phone: 2 }],
    ['03(1234)5678へ', '[電話番号]へ', { phone: 1 }],
    ['0120-123-456にかけた', '[電話番号]にかけた', { phone: 1 }],
    ['+81 90-1234-5678です', '[電話番号]です', { phone: 1 }],
    ['電話番号は0312345678です', '電話番号は[電話番号]です', { phone: 1 }],
    ['〇九〇ー一二三四ー五五五五です', '[電話番号]です', { phone: 1 }],
    ['カード4111 1111 1111 1111で払った', 'カード[カード番号]で払った', { card: 1 }],
    ['3782-822463-10005', '[カード番号]', { card: 1 }],
    ['〒150-0002 渋谷', '[郵便番号] 渋谷', { 'postal-code': 1 }],
    ['〒１５００００２', '[郵便番号]', { 'postal-code': 1 }],
    ['住所は150-0002 東京都です', '住所は[郵便番号] 東京都です', { 'postal-code': 1 }],
    ['090-\u200b1234-5678', '[電話番号]', { phone: 1 }],
    [
      'a@example.comとb@example.com、080-1111-2222',
      '[メールアドレス]と[メールアドレス]、[電話番号]',
      { mail: 2, phone: 1 },
    ],
    ['北海道札幌市北区北10条西5丁目1-2です', '[住所]です', { address: 1 }],
    ['山田太郎 様、髙橋様', '[氏名] 様、[氏名]様', { name: 2 }],
    ['私の注文番号はA-12345です', '私の注文番号は[お客様番号]です', { 'customer-number': 1 }],
    ['https://u:secret@example.com/', 'https://u:[認証情報]@example.com/', { secret: 1 }],
  ])('%j becomes %j', (text, masked, counts) => {
    expect(masker.mask(text)).toEqual({ text: masked, counts });
  });
});

describe('kept', () => {
  test.each([
    '注文番号 09012345678 が届かない',
    '注文番号：4111111111111111',
    '伝票番号は1234-5678-9012です',
    '2024-01-15に購入、01-02-2024着',
    '価格は12,345円、100-2000円の差',
    '型番ABC-03-1234-5678',
    '1234567890123456は何の番号ですか',
    '0312345678という数字',
    '電池は100-240V対応',
    '10:30-11:45に来店',
    'ISBN 978-4-1234-5678-0',
    'バージョン1.02.0304.5678',
    '@koe_support に送った',
    '090と080の違い',
    '評価4.5/5.0',
    '鈴木自動車と山田電機と松屋',
    '王様と上様とお客様と店長さん',
    '本店長と新店長',
    '大阪市内で10-20台',
    '出かける様に言われた',
  ])('%j', (text) => {
    expect(masker.mask(text)).toEqual({ text, counts: {} });
  });
});

test('what is found has exact ranges of the text, in order and apart', () => {
  const text = '👍🏻ﾔﾏﾀﾞさん、㈱の０９０－１２３４－５６７８へ';
  expect(masker.find(text).map(({ kind, span }) => [kind, text.slice(span.start, span.end)])).toEqual([
    ['name', 'ﾔﾏﾀﾞ'],
    ['phone', '０９０－１２３４－５６７８'],
  ]);
});

test('placeholders that a customer writes are not counted, nor read as anything', () => {
  for (const placeholder of Object.values(placeholders)) {
    const text = `電話は${placeholder}さん、会員番号${placeholder}です`;
    expect(masker.mask(text)).toEqual({ text, counts: {} });
  }
});

const pieces = fc.constantFrom(
  ...['090-1234-5678', 'a@b.jp', '〒100-0001', '4111111111111111', '0', '-', '１', '＠', 'x', '、', ' ', '電話', '\n'],
  ...[
    '山田',
    '太郎',
    'さん',
    '様',
    'の',
    'は',
    '担当',
    '氏名：',
    'と申します',
    '東京都',
    '港区',
    '芝',
    '1-2-3',
    '「',
    '」',
  ],
  ...[
    '会員番号',
    '口座番号',
    '1234567',
    '生年月日',
    '1990年1月1日',
    'token=',
    'abc123',
    '[',
    ']',
    '[氏名]',
    'です',
    '[住所]',
  ],
);
const texts = fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(''));

test('a name is masked whatever personal data follows it', () => {
  expect(masker.mask('氏名：太郎a@b.jp').text).toBe('氏名：[氏名][メールアドレス]');
});

test('masking twice is masking once', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const once = masker.mask(text).text;
      expect(masker.mask(once)).toEqual({ text: once, counts: {} });
    }),
    { numRuns: 2000 },
  );
});

test('what is outside of the ranges found is left as it is', () => {
  fc.assert(
    fc.property(fc.oneof(texts, fc.string({ unit: 'grapheme', maxLength: 60 })), (text) => {
      let rebuilt = '';
      let done = 0;
      for (const { kind, span } of masker.find(text)) {
        expect(span.start).toBeGreaterThanOrEqual(done);
        expect(span.end).toBeGreaterThan(span.start);
        rebuilt += text.slice(done, span.start) + placeholders[kind];
        done = span.end;
      }
      expect(rebuilt + text.slice(done)).toBe(masker.mask(text).text);
    }),
  );
});

test('placeholders can be left out', () => {
  expect(withoutPlaceholders('Call [電話番号] or [メールアドレス]!')).toBe('Call   or  !');
});

test.each([
  ...[
    'a',
    'a.',
    '@a.',
    '0',
    '0-',
    '1 ',
    '〒1',
    '+81',
    '山',
    '山田',
    '山 ',
    'アイ',
    'あ',
    'さん',
    '様',
    'A a',
    '市',
    '東京都',
    '市1-',
  ],
  ...[
    '1丁目',
    '氏名:',
    '担当の',
    '普通',
    '銀行普通',
    '記号',
    '=a',
    'token=',
    'eyJa.',
    ':',
    '::',
    '1.',
    '〇',
    '年1月',
    '生',
    '\n山',
    '「山',
    '[at]',
  ],
])('10,000 units of %j do not block', (unit) => {
  const text = `${unit.repeat(10_000 / unit.length)}@0`;
  expect(fastest(() => masker.mask(text))).toBeLessThan(blockingMs);
});

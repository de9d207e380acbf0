import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskPersonalData, withoutPlaceholders } from '../../../src/text/personal-data.ts';
import { blockingMs, fastest } from './fastest.ts';

describe('masked', () => {
  test.each([
    ['連絡はtaro.yamada+shop@example.co.jpまで', '連絡は[メールアドレス]まで', { mail: 1 }],
    ['ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐです', '[メールアドレス]です', { mail: 1 }],
    ['090-1234-5678に電話ください', '[電話番号]に電話ください', { phone: 1 }],
    ['０９０１２３４５６７８です', '[電話番号]です', { phone: 1 }],
    ['０３－１２３４－５６７８か(06)6123-4567', '[電話番号]か[電話番号]', { phone: 2 }],
    ['03(1234)5678へ', '[電話番号]へ', { phone: 1 }],
    ['0120-123-456にかけた', '[電話番号]にかけた', { phone: 1 }],
    ['+81 90-1234-5678です', '[電話番号]です', { phone: 1 }],
    ['電話番号は0312345678です', '電話番号は[電話番号]です', { phone: 1 }],
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
  ])('%j becomes %j', (text, masked, counts) => {
    expect(maskPersonalData(text)).toEqual({ text: masked, counts });
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
  ])('%j', (text) => {
    expect(maskPersonalData(text)).toEqual({ text, counts: {} });
  });
});

test('masking twice is masking once', () => {
  const pieces = fc.constantFrom(
    '090-1234-5678',
    'a@b.jp',
    '〒100-0001',
    '4111111111111111',
    '0',
    '-',
    '１',
    '＠',
    'x',
    '、',
    ' ',
    '電話',
  );
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join('')),
      (text) => {
        const once = maskPersonalData(text).text;
        expect(maskPersonalData(once).text).toBe(once);
      },
    ),
  );
});

test('placeholders can be left out', () => {
  expect(withoutPlaceholders('Call [電話番号] or [メールアドレス]!')).toBe('Call   or  !');
});

test.each(['a', 'a.', '@a.', '0', '0-', '1 ', '〒1', '+81'])('10,000 units of %j do not block', (unit) => {
  const text = `${unit.repeat(10_000 / unit.length)}@0`;
  expect(fastest(() => maskPersonalData(text))).toBeLessThan(blockingMs);
});

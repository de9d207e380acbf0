import { expect, test } from 'vitest';
import { isAdvertisement } from '../../../src/text/advertisement.ts';

test.each([
  '在宅で月収50万円、詳細はLINEで',
  'フォロワー増やします！DMで受付中',
  'スーパーコピー N級品 激安 http://example.com',
])('%j is an advertisement', (text) => {
  expect(isAdvertisement(text)).toBe(true);
});

test.each([
  '副業の広告がしつこいです。クリックすると詐欺サイトに飛びます',
  'LINE登録はこちらと書いてあるのにできない',
  '副業に使うために買いました',
  '今すぐ返金してください。詳細はメールで送りました',
  'カジノの近くのホテルを激安で予約',
])('%j is none', (text) => {
  expect(isAdvertisement(text)).toBe(false);
});

import { describe, expect, test } from 'vitest';
import { guessLanguage } from '../../../src/text/language.ts';

describe('language', () => {
  test.each([
    ['配送が遅い', 'ja'],
    ['最高', 'ja'],
    ['対応遅延、改善希望', 'ja'],
    ['ﾊﾔｲ', 'ja'],
    ['感謝！！', 'ja'],
    ['還元率', 'ja'],
    ['給湯器請求謝罪業務時間個別', 'ja'],
    ['Windows 11 Pro と Microsoft Office 2021 の Excel で使えない', 'ja'],
    ['Great product, fast delivery.', 'en'],
    ['The ramen (ラーメン) was really great and the staff was friendly', 'en'],
    ['这个产品质量很差，客服态度也不好', 'zh'],
    ['很好', 'zh'],
    ['商品質量非常好物流速度快包裝完整價格優惠值得推薦', 'zh'],
    ['배송이 너무 늦어요', 'ko'],
    ['Очень плохо', 'ru'],
    ['สินค้าดีมาก', 'th'],
    ['12345 !!', 'und'],
    ['👍', 'und'],
    ['', 'und'],
  ])('of %j is %s', (text, code) => {
    expect(guessLanguage(text).code).toBe(code);
  });

  test('confidence is a probability', () => {
    for (const text of ['良い', 'OK です', '很好', '', 'a한', '良い thing']) {
      const { confidence } = guessLanguage(text);
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
    }
  });
});

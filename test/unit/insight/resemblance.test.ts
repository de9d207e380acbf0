import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areNearDuplicates, bandsOf, comparedWords } from '../../../src/insight/resemblance.ts';
import { blockingMs, fastest } from '../text/fastest.ts';

const original = '昨日届いた電気ケトルですが、注ぎ口から水が漏れて使いものになりません。交換してください。';
const similar = (one: string, other: string) =>
  areNearDuplicates(comparedWords(one) ?? '', comparedWords(other) ?? '-');

describe('resemblance', () => {
  test.each([
    ['the same', original],
    ['other punctuation and emoji', `${original.replaceAll('。', '！！')}😡`],
    ['other widths', original.replace('電気ケトル', '電気ｹﾄﾙ')],
    ['one letter', original.replace('昨日', '今日')],
    ['a few words more', `${original}至急です`],
  ])('%s: a copy', (_name, text) => {
    expect(similar(original, text)).toBe(true);
  });

  test.each([
    ['another product', original.replace('電気ケトル', 'ドライヤー').replace('注ぎ口から水が漏れて', '風が出なくて')],
    ['another thing', '先週買った掃除機ですが、とても静かで軽くて気に入っています。ありがとうございます。'],
  ])('%s: none', (_name, text) => {
    expect(similar(original, text)).toBe(false);
  });

  test.each(['美味しかったです', 'とても良かったです。また来ます！', ''])('%j is too short', (text) => {
    expect(comparedWords(text)).toBeUndefined();
  });

  test('texts with one letter changed share a band', () => {
    const letters = fc.constantFrom(...'あいうえおかきくけこさしすせそ電気水口使交換届昨日漏注');
    const words = fc.array(letters, { minLength: 40, maxLength: 120 }).map((all) => all.join(''));
    let missed = 0;
    fc.assert(
      fc.property(words, fc.nat(), (text, place) => {
        const at = place % text.length;
        const other = `${text.slice(0, at)}龍${text.slice(at + 1)}`;
        const bands = new Set(bandsOf(other));
        if (!bandsOf(text).some((band) => bands.has(band))) missed += 1;
      }),
      { numRuns: 300 },
    );
    expect(missed).toBeLessThanOrEqual(2);
  });

  test('20,000 characters do not block', () => {
    const text = original.repeat(500);
    expect(fastest(() => bandsOf(comparedWords(text) ?? ''))).toBeLessThan(blockingMs);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alignText } from '../../../src/text/aligned-text.ts';
import { blockingMs, fastest } from './fastest.ts';

const pieces = fc.oneof(
  fc.constantFrom(
    'ﾃﾞ',
    'ﾊﾟ',
    'ｱ',
    'ー',
    'が',
    'か\u3099',
    '👍🏻',
    '👨‍👩‍👧',
    '🇯🇵',
    '1️⃣',
    '㈱',
    '①',
    '…',
    '\u200b',
    '\r\n',
    '\u0000',
  ),
  fc.constantFrom(
    'w',
    'ｗ',
    '！',
    '!',
    '　',
    ' ',
    '\t',
    '\n',
    '〜',
    '～',
    '―',
    '−',
    '3',
    '９',
    '\u0600',
    'क्ष',
    'e\u0301',
    '´',
  ),
  fc.string({ unit: 'grapheme', maxLength: 3 }),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const texts = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));

function graphemeBoundaries(text: string): Set<number> {
  const boundaries = new Set([text.length]);
  for (const { index } of new Intl.Segmenter('ja').segment(text)) boundaries.add(index);
  return boundaries;
}

describe('normalising', () => {
  test.each([
    ['ﾃﾞｻﾞｲﾝがｶﾜｲｲ', 'デザインがカワイイ'],
    ['ＡＢＣ１２３！？', 'ABC123!?'],
    ['すごーーーーーい!!!!!!', 'すごーーーい!!!'],
    ['ｗｗｗｗｗｗ', 'www'],
    ['10000円と１００００円', '10000円と10000円'],
    ['サ―ビス、サ−ビス', 'サービス、サービス'],
    ['すご～い〜', 'すご〜い〜'],
    ['あ\u200bい\u00adう\ufeffえ\u0007お', 'あいうえお'],
    ['一　　二 \t三', '一 二 三'],
    ['一 \r\n\r\n 二', '一\n二'],
    ['㈱テスト①', '(株)テスト1'],
    ['最高👍🏻❤️👨‍👩‍👧', '最高👍❤👨‍👩‍👧'],
    ['(´・ω・｀)', '(´・ω・`)'],
    ['か\u3099んばる', 'がんばる'],
    ['㍿コエ', '株式会社コエ'],
    ['ｶﾞﾗｽ', 'ガラス'],
    ['𠮷野家', '𠮷野家'],
    ['５㎏', '5kg'],
    ['ﷺ', 'صلى الله عليه وسلم'],
    ['遅い……', '遅い......'],
    ['すご~い', 'すご〜い'],
    ['/~koe/', '/~koe/'],
    ['サ-ビス', 'サービス'],
    ['A-1-2', 'A-1-2'],
    ['カ─ド、カ–ド', 'カード、カード'],
    ['え？？？？？！！！！！', 'え???!!!'],
    ['面白い（笑）（笑）', '面白い(笑)(笑)'],
    ['右\u200eか\u202e左', '右か左'],
    ['ﾊ\u3099', 'バ'],
    ['🙇‍♂️🙇🏽', '🙇‍♂🙇'],
  ])('%j becomes %j', (text, normalized) => {
    expect(alignText(text).normalized).toBe(normalized);
  });

  test.each([
    ['ホット ケーキ', 'ホットケーキ'],
    ['ﾎｯﾄ　ｹｰｷ', 'ホットケーキ'],
    ['サーバー エラー', 'サーバーエラー'],
    ['と て も 良い', 'とても 良い'],
    ['最 高 で す', '最高です'],
    ['広い　静か', '広い 静か'],
    ['安い A 高い', '安い A 高い'],
    ['ホット\nケーキ', 'ホット\nケーキ'],
  ])('with joined words %j becomes %j', (text, normalized) => {
    const aligned = alignText(text, { joinWords: true });
    expect(aligned.normalized).toBe(normalized);
    expect(aligned.toOriginal({ start: 0, end: normalized.length })).toEqual({ start: 0, end: text.length });
  });

  test('Japanese without runs, dashes and white space becomes what NFKC makes of the whole', () => {
    const units = fc.constantFrom(
      ...'あがかきをんアガヴヶヲｱｶﾞﾊﾟﾟﾞｰ漢字龍𠮷𩸽々〆①㍿㎏㈱Ａｚ０９！（）「」、。・\u3099\u309a',
    );
    fc.assert(
      fc.property(fc.array(units, { maxLength: 40 }), (parts) => {
        const text = parts
          .filter((part, index) => part.normalize('NFKC') !== parts[index - 1]?.normalize('NFKC'))
          .join('');
        fc.pre(!/(.)\1{3}/u.test(text.normalize('NFKC')));
        // A voicing mark with nothing to voice has a space of its own in NFKC, which is kept out of the text.
        fc.pre(!/[ \u3099\u309a]/.test(text.normalize('NFKC')));
        expect(alignText(text).normalized).toBe(text.normalize('NFKC'));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the way back', () => {
  test.each([
    ['とてもﾃﾞｻﾞｲﾝが良い', 'デザイン', 'ﾃﾞｻﾞｲﾝ'],
    ['これ👍🏻です', '👍', '👍🏻'],
    ['まじｗｗｗｗｗｗｗ', 'www', 'ｗｗｗｗｗｗｗ'],
    ['あ\u200bい', 'あい', 'あ\u200bい'],
    ['前㈱後', '株', '㈱'],
    ['一　　\n二', '\n', '　　\n'],
  ])('in %j the words %j came from %j', (text, words, origin) => {
    const aligned = alignText(text);
    const start = aligned.normalized.indexOf(words);
    const span = aligned.toOriginal({ start, end: start + words.length });
    expect(text.slice(span.start, span.end)).toBe(origin);
  });

  test('every span is in range, keeps order and splits no grapheme', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, joinWords) => {
        const aligned = alignText(text, { joinWords });
        const boundaries = graphemeBoundaries(text);
        let before = 0;
        for (let unit = 0; unit < aligned.normalized.length; unit += 1) {
          const span = aligned.toOriginal({ start: unit, end: unit + 1 });
          expect(boundaries).toContain(span.start);
          expect(boundaries).toContain(span.end);
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.start).toBeGreaterThanOrEqual(before);
          before = span.start;
        }
        const whole = aligned.toOriginal({ start: 0, end: aligned.normalized.length });
        expect(whole.start).toBeLessThanOrEqual(whole.end);
        expect(whole.end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 500 },
    );
  });

  test('normalising the part of the original that a span points at gives the words of the span', () => {
    const japanese = fc
      .array(fc.constantFrom('ﾃﾞ', 'ﾊﾟ', 'あ', '良', 'Ａ', '👍🏻', '👨‍👩‍👧', '①', '。', 'か\u3099'), {
        minLength: 1,
        maxLength: 30,
      })
      .map((parts) => parts.filter((part, index) => part !== parts[index - 1]).join(''));
    fc.assert(
      fc.property(japanese, fc.nat(), fc.nat(), (text, one, other) => {
        const aligned = alignText(text);
        const marks = [...graphemeBoundaries(aligned.normalized)].sort((a, b) => a - b);
        const ends = [marks[one % marks.length] ?? 0, marks[other % marks.length] ?? 0].sort((a, b) => a - b);
        const [start = 0, end = 0] = ends;
        const span = aligned.toOriginal({ start, end });
        expect(alignText(text.slice(span.start, span.end)).normalized).toBe(aligned.normalized.slice(start, end));
      }),
    );
  });
});

describe('speed', () => {
  test.each([
    ['words', 'とても良い商品でした。'],
    ['half-width kana', 'ﾃﾞｻﾞｲﾝ'],
    ['flags without a break', '🇯🇵'],
    ['combining marks', '\u0301'],
    ['prepended marks', '\u0600'],
    ['one letter', 'w'],
    ['ellipses', '…'],
    ['spaced letters', 'あ '],
  ])('10,000 characters of %s do not block', (_name, unit) => {
    const text = unit.repeat(Math.ceil(10_000 / unit.length)).slice(0, 10_000);
    expect(fastest(() => alignText(text))).toBeLessThan(blockingMs);
  });
});

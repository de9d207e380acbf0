import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitSentences } from '../../../src/text/sentences.ts';
import { blockingMs, fastest } from './fastest.ts';

const sentencesOf = (text: string) => splitSentences(text).map(({ start, end }) => text.slice(start, end));

describe('sentences end', () => {
  test.each([
    ['届きました。箱が潰れていました。', ['届きました。', '箱が潰れていました。']],
    ['最高！！！また買う？買う!?絶対', ['最高！！！', 'また買う？', '買う!?', '絶対']],
    ['一行目\n二行目\r\n\r\n　三行目　', ['一行目', '二行目', '三行目']],
    ['美味しかった😋また行く🎉🎉', ['美味しかった😋', 'また行く🎉🎉']],
    ['最高！ 👍🏻 ありがとう', ['最高！ 👍🏻', 'ありがとう']],
    ['楽しかった♪次も来ます☆', ['楽しかった♪', '次も来ます☆']],
    ['遅すぎwww二度と頼まない', ['遅すぎwww', '二度と頼まない']],
    ['助かりました(^_^)また使います', ['助かりました(^_^)', 'また使います']],
    ['さすがですね（笑）もう結構です', ['さすがですね（笑）', 'もう結構です']],
    ['よかった. また買います.', ['よかった.', 'また買います.']],
    ['「最悪だ。」「二度と来ない！」', ['「最悪だ。」「二度と来ない！」']],
  ])('in %j', (text, sentences) => {
    expect(sentencesOf(text)).toEqual(sentences);
  });
});

describe('no sentence ends within', () => {
  test.each([
    'スタッフに「少々お待ちください。すぐ参ります！」と言われた',
    '店長（名前は伏せます。怖いので）の対応が悪い',
    '評価は4.5点でNo.1です',
    'https://example.com/a?b=c!d を見て買いました',
    'support@example.co.jp に連絡した',
    'この🍣が美味しい',
    '👍です',
    'Yahoo!ニュースで見た',
    '店内wifiが遅い',
    '🍰ケーキが甘い',
  ])('%j', (text) => {
    expect(sentencesOf(text)).toEqual([text]);
  });
});

test('an unclosed bracket protects nothing', () => {
  expect(sentencesOf('「高い。まずい。')).toEqual(['「高い。', 'まずい。']);
});

test('a long stretch is cut after a comma, and into at most 200 units', () => {
  const text = `${'とても長い文章を書いています、'.repeat(30)}終わり`;
  const sentences = sentencesOf(text);
  expect(sentences.join('')).toBe(text);
  for (const sentence of sentences.slice(0, -1)) expect(sentence.endsWith('、')).toBe(true);
  expect(Math.max(...sentences.map((sentence) => sentence.length))).toBeLessThanOrEqual(200);
});

test('a long stretch without any place to cut splits no emoji', () => {
  const emoji = '👨‍👩‍👧';
  const text = 'あ'.repeat(195) + emoji.repeat(3);
  for (const sentence of sentencesOf('漢'.repeat(195) + emoji.repeat(80))) {
    expect(sentence.replaceAll('漢', '').replaceAll(emoji, '')).toBe('');
  }
  expect(sentencesOf(text).join('')).toBe(text);
});

test('spans are ordered, trimmed, short, and cover everything but white space', () => {
  const pieces = fc.oneof(
    fc.constantFrom(
      '良い',
      '。',
      '！',
      '「',
      '」',
      '(',
      ')',
      '\n',
      '　',
      ' ',
      '👍🏻',
      '♪',
      'w',
      '.',
      '5',
      'です',
      '(^_^)',
      '…',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.constantFrom('あ'.repeat(250), 'https://example.com/?q=1', 'a@example.com'),
  );
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
      (text) => {
        let last = 0;
        for (const { start, end } of splitSentences(text)) {
          expect(text.slice(last, start).trim()).toBe('');
          expect(end).toBeGreaterThan(start);
          expect(text.slice(start, end).trim()).toBe(text.slice(start, end));
          expect(end - start).toBeLessThanOrEqual(200);
          last = end;
        }
        expect(text.slice(last).trim()).toBe('');
      },
    ),
    { numRuns: 500 },
  );
});

test.each(['「', '(', '。', '👍', 'w', '(^', 'http://', 'a', '♪ ', '「「「「「)))))'])(
  '20,000 units of %j do not block',
  (unit) => {
    const text = unit.repeat(20_000 / unit.length);
    expect(fastest(() => splitSentences(text))).toBeLessThan(blockingMs);
  },
);

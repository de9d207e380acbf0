import { describe, expect, test } from 'vitest';
import { findIntents } from '../../../src/analysis/intent-rules.ts';
import { blockingMs, fastest } from '../text/fastest.ts';

const neutral = { label: 'neutral', score: 0, confidence: 0.5 } as const;
const idsOf = (sentence: string) => findIntents(sentence, neutral).map(({ id }) => id);

describe('intents', () => {
  test.each([
    ['営業は何時までですか?', ['question']],
    ['使い方を教えてください', ['request', 'question']],
    ['色を増やしてほしいです', ['request']],
    ['早急な対応をお願いします', ['request']],
    ['今月で解約したいです', ['cancel']],
    ['もう二度と使わない', ['cancel']],
    ['他社に乗り換えました', ['cancel']],
    ['注文をキャンセルしたい', ['cancel-order']],
    ['届け先の変更は可能', ['cancel-order']],
    ['文字を大きくしたらどうでしょう', ['suggestion']],
    ['昨日買いました', []],
    ['解約金について書いてあった', []],
  ])('of %j are %j', (sentence, ids) => {
    expect(idsOf(sentence)).toEqual(ids);
  });

  test('have the range of the words they were read from', () => {
    const sentence = '高いので今月で解約したいです';
    const [intent] = findIntents(sentence, neutral);
    expect(sentence.slice(intent?.span.start, intent?.span.end)).toBe('解約したい');
  });

  test('follow the sentiment', () => {
    expect(findIntents('遅い', { label: 'negative', score: -0.6, confidence: 0.7 })).toMatchObject([
      { id: 'complaint', confidence: 0.7 },
    ]);
    expect(findIntents('早い', { label: 'positive', score: 0.6, confidence: 0.7 })).toMatchObject([{ id: 'praise' }]);
    expect(findIntents('早いが高い', { label: 'mixed', score: 0, confidence: 0.5 }).map(({ id }) => id)).toEqual([
      'complaint',
      'praise',
    ]);
  });
});

test.each(['て', '注文', '解約', 'もう', '? ', '何'])('10,000 units of %j do not block', (unit) => {
  const sentence = unit.repeat(10_000 / unit.length);
  expect(fastest(() => findIntents(sentence, neutral))).toBeLessThan(blockingMs);
});

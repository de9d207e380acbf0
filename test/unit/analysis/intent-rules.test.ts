import { describe, expect, test } from 'vitest';
import { readCancellation } from '../../../src/analysis/cancellation-reader.ts';
import { findAskedIntents } from '../../../src/analysis/intent-rules.ts';
import { blockingMs, fastest } from '../text/fastest.ts';

const askedIn = (sentence: string) =>
  findAskedIntents(sentence, [], false)
    .map(({ id }) => id)
    .sort();

describe('what a sentence asks for', () => {
  test.each([
    ['営業は何時までですか?', ['question']],
    ['使い方を教えてください', ['question']],
    ['道を教えてくれて助かりました', []],
    ['色を増やしてほしいです', ['request']],
    ['早急な対応をお願いします', ['request']],
    ['領収書を送っていただけますか', ['request']],
    ['よろしくお願いします', []],
    ['早く連絡してほしかった', []],
    ['文字を大きくしたらどうでしょう', ['suggestion']],
    ['入口を分けたほうがいいと思います', ['suggestion']],
    ['買わないほうがいいと思います', []],
    ['どこに連絡すればいいでしょうか', ['question']],
    ['昨日買いました', []],
  ])('of %j: %j', (sentence, ids) => {
    expect(askedIn(sentence)).toEqual(ids);
  });

  test('has the range of the words that ask', () => {
    const sentence = '傷があったので交換してください';
    const [request] = findAskedIntents(sentence, [], false);
    expect(sentence.slice(request?.span.start, request?.span.end)).toBe('てください');
  });

  test('a cancellation that is asked for is no request besides', () => {
    const sentence = '予約のキャンセルをお願いします';
    const act = { start: 3, end: 8 };
    expect(findAskedIntents(sentence, [act], true)).toEqual([]);
  });
});

describe('the scope of what is cancelled', () => {
  test.each([
    ['先ほどの注文をキャンセルしたい', 'cancel-order'],
    ['予約の人数を変更したいです', 'cancel-order'],
    ['今月分だけ定期便をお休みしたい', 'cancel-order'],
    ['定期便をキャンセルしたい', 'cancel'],
    ['今月で解約します', 'cancel'],
    ['もう二度と使いません', 'cancel'],
    ['来月から別の会社に乗り換えます', 'cancel'],
    ['アカウントを削除してください', 'cancel'],
    ['解約の仕方がわかりにくい', 'signal'],
    ['解約しようか迷っている', 'signal'],
    ['続けるかどうか迷っています', 'signal'],
    ['キャンセル料が高い', 'none'],
    ['解約するつもりはありません', 'none'],
    ['解約を考えていましたが続けます', 'none'],
    ['友人が解約した', 'none'],
    ['予約を勝手にキャンセルされた', 'none'],
    ['解約したのに請求が来る', 'none'],
    ['カードをすぐ止めてくれました', undefined],
    ['色を増やしてほしい', undefined],
    ['営業時間を延ばしてほしい', undefined],
    ['とても良い店でした', undefined],
  ])('%j: %s', (sentence, kind) => {
    expect(readCancellation(sentence)?.decisive.kind).toBe(kind);
  });

  test('has the range of the words that end it', () => {
    const sentence = '高いので今月で解約したいです';
    const span = readCancellation(sentence)?.decisive.span;
    expect(sentence.slice(span?.start, span?.end)).toBe('解約したい');
  });
});

const units = [
  'て',
  '注文',
  '解約',
  'もう',
  '? ',
  '何',
  '二度と',
  '乗り換え',
  '他社',
  'たら',
  'キャンセル',
  '「',
  '解約する',
];
test.each(units)('10,000 units of %j do not block', (unit) => {
  const sentence = unit.repeat(10_000 / unit.length);
  expect(fastest(() => [findAskedIntents(sentence, [], false), readCancellation(sentence)])).toBeLessThan(blockingMs);
});

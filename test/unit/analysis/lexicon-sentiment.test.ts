import { beforeAll, describe, expect, test } from 'vitest';
import { judge } from '../../../src/analysis/judged.ts';
import { findPolarExpressions, lexiconSentiment } from '../../../src/analysis/lexicon-sentiment.ts';
import { loadLexicon } from '../../../src/analysis/load-assets.ts';
import { alignText } from '../../../src/text/aligned-text.ts';
import { loadTokenizer, type Tokenizer } from '../../../src/text/tokenizer.ts';

const lexicon = loadLexicon();
let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadTokenizer();
});

function sentimentOf(text: string) {
  const tokens = tokenizer.tokenize(alignText(text).normalized);
  return lexiconSentiment(tokens, findPolarExpressions(tokens, judge(tokens, lexicon)));
}

describe.each([
  [
    'positive',
    [
      'とても美味しかったです',
      '店員さんの対応が丁寧でした',
      '何の問題ないです',
      '問題なく使えています',
      '悪くないですね',
      '申し分ない出来',
      '👍🏻',
      'ﾃﾞｻﾞｲﾝが可愛い',
      '気が利いていて嬉しい',
      '神対応',
      '使いやすかった',
      'すぐ直していただき感謝です',
      '失敗しない',
      '荷物を運んでくれました',
      '不満はありません',
    ],
  ],
  [
    'negative',
    [
      '最悪です',
      '全然美味しくない',
      '便利ではありません',
      '満足しているわけではない',
      '良いとは思えない',
      '何日経っても届きません',
      '物足りない',
      'もったいない',
      '😡',
      '画面が見にくかった',
      '返事をしてくれない',
      '対応が遅すぎる',
      '値段の割に安っぽい',
      '二度と買わない',
    ],
  ],
  [
    'neutral',
    [
      '昨日注文しました',
      '営業時間は何時までですか？',
      '改善してほしい',
      'よろしくお願いします',
      '色を選べると嬉しいです',
      'テーブルを買いました',
    ],
  ],
  ['mixed', ['味は最高だけど店員の態度が最悪', '料理は美味しいが高い']],
])('%s', (label, sentences) => {
  test.each(sentences)('%s', (sentence) => {
    expect(sentimentOf(sentence).label).toBe(label);
  });
});

test('degree words strengthen and weaken', () => {
  const score = (text: string) => sentimentOf(text).score;
  expect(score('とても不便です')).toBeLessThan(score('不便です'));
  expect(score('少し不便です')).toBeGreaterThan(score('不便です'));
});

test('not bad is weaker than good, not good is weaker than the best', () => {
  expect(sentimentOf('悪くない').score).toBeLessThan(sentimentOf('良い').score);
  expect(sentimentOf('良くない').score).toBeGreaterThan(sentimentOf('最悪').score);
});

test('two negations cancel out', () => {
  expect(sentimentOf('美味しくないわけではない').score).toBeGreaterThan(0);
});

test('an expression is found at the words that carry it', () => {
  const tokens = tokenizer.tokenize('店員の気が利いている');
  const [expression] = findPolarExpressions(tokens, judge(tokens, lexicon));
  const words = tokens.slice(expression?.first, expression?.end).map((token) => token.surface);
  expect(words.join('')).toMatch(/^気が利い/);
});

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { judge } from '../../../src/analysis/judged.ts';
import type { Lexicon } from '../../../src/analysis/lexicon.ts';
import { loadLexicon } from '../../../src/analysis/load-assets.ts';
import { toOpinions } from '../../../src/analysis/opinions.ts';
import { prepareText } from '../../../src/analysis/prepared-text.ts';
import type { Opinion, SentimentScore } from '../../../src/domain/analysis.ts';
import { loadTokenizer, type Tokenizer } from '../../../src/text/tokenizer.ts';

let lexicon: Lexicon;
let tokenizer: Tokenizer;
beforeAll(async () => {
  lexicon = loadLexicon();
  tokenizer = await loadTokenizer();
});

function read(text: string, model?: SentimentScore): Opinion[] {
  return prepareText(text, { tokenizer }).sentences.flatMap((sentence) =>
    toOpinions(sentence, judge(sentence.tokens, lexicon).judgements, lexicon.synonyms, model),
  );
}
const keys = (text: string) => read(text).map(({ key }) => key);

test('an opinion has target, expression and form', () => {
  expect(read('電池が全然持たない')).toEqual([
    {
      target: { surface: '電池', lemma: '電池', span: { start: 0, end: 2 } },
      expression: { surface: '持たない', lemma: '持つ', span: { start: 5, end: 9 } },
      polarity: 'negative',
      negated: true,
      intensity: 'strong',
      tense: 'present',
      modality: 'stated',
      by: 'lexicon',
      key: '電池:持たない:-',
    },
  ]);
});

test('spans are of the text as it was written', () => {
  const [opinion] = read('😀😀ﾃﾞｻﾞｲﾝが可愛い');
  expect(opinion?.target).toMatchObject({ surface: 'ﾃﾞｻﾞｲﾝ', lemma: 'デザイン' });
});

describe('what is said differently is counted as one', () => {
  test.each([
    ['画面:見にくい:-', ['画面が見づらい', '見にくい画面', '画面、見えにくいです', '画面が見辛い']],
    ['店員:親切:+', ['店員さんが親切', '親切な店員', '店員も親切でした']],
    ['値段:高い:-', ['値段が高い', '価格が高いです', '値段が高すぎる', 'お値段が高かった']],
  ])('%s', (key, texts) => {
    expect(texts.map(keys)).toEqual(texts.map(() => [key]));
  });

  test('a denied word is not its antonym, nor is a word the same as its negation', () => {
    expect(keys('サービスが良くない')).toEqual(['サービス:良くない:-']);
    expect(keys('サービスが悪い')).toEqual(['サービス:悪い:-']);
  });
});

describe('polarity depends on the target', () => {
  test.each([
    ['値段が高い', 'negative'],
    ['品質が高い', 'positive'],
    ['減りが早い', 'negative'],
    ['配送が早い', 'positive'],
    ['間違いが多い', 'negative'],
    ['種類が多い', 'positive'],
  ])('%s is %s', (text, polarity) => {
    expect(read(text).map((opinion) => opinion.polarity)).toEqual([polarity]);
  });
});

test('a sure model settles what the lexicon only faintly favours, and nothing else', () => {
  const praise: SentimentScore = { label: 'positive', score: 0.95, confidence: 0.95 };
  expect(read('部屋が暗い', praise)).toMatchObject([{ polarity: 'positive', by: 'model' }]);
  expect(read('部屋が汚い', praise)).toMatchObject([{ polarity: 'negative', by: 'lexicon' }]);
});

test('spans of any text lie in it and hold their surfaces', () => {
  const words = fc.constantFrom(
    '画面',
    '店員さん',
    'が',
    'は',
    'も',
    '見にくい',
    '良く',
    'ない',
    '丁寧に',
    '、',
    '。',
    'て',
    'ば',
    '😀',
    'ｶﾞ',
    '高すぎる',
    '「',
    '」と',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string({ unit: 'grapheme' })), { maxLength: 25 }), (parts) => {
      const text = parts.join('').toWellFormed();
      for (const { target, expression } of read(text)) {
        for (const part of target === undefined ? [expression] : [target, expression]) {
          expect(text.slice(part.span.start, part.span.end)).toBe(part.surface);
          expect(part.surface).not.toBe('');
        }
      }
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['痛みが少ない治療', ['痛み:少ない:+']],
  ['先生の態度が冷たくて行きたくない', ['態度:冷たい:-', ':行かない:-']],
  ['足音がうるさくて眠れない', ['足音:うるさい:-', ':眠れない:-']],
  ['利回りが思ったほど良くない', ['利回り:良くない:-']],
  ['そんなに悪いゲームじゃない', ['ゲーム:悪くない:+']],
  ['バグがなくなった', ['バグ:なくなる:+']],
  ['ゴミの分別が面倒', ['分別:面倒:-']],
  ['ゴミの収集日が変わった', []],
  ['もっと早く買えばよかった', []],
  ['早く直して', [':早い:0']],
  ['料金が高すぎませんか', ['料金:高い:-']],
  ['料理はまあまあ、サービスは最高', ['サービス:最高:+']],
])('%s', (text, expected) => {
  expect(keys(text).sort()).toEqual([...expected].sort());
});

import { expect, test } from 'vitest';
import type { Opinion, SentenceAnalysis } from '../../../src/domain/analysis.ts';
import { pickVerbatims, type QuotableRecord } from '../../../src/insight/verbatim.ts';

const text = '遅い。三日待っても荷物が届きません。箱はきれいでした。';
const sentence = (start: number, end: number, score: number, polarity: 'negative' | 'positive'): SentenceAnalysis => ({
  span: { start, end },
  sentiment: { label: polarity, score, confidence: 0.9 },
  topics: [{ id: 'delivery', polarity, confidence: 0.9, by: 'model', spans: [{ start, end }] }],
  intents: [],
  flags: [],
});
const record: QuotableRecord = {
  id: 'a',
  occurredAt: '2026-11-01T00:00:00.000Z',
  channel: 'review',
  text,
  sentences: [sentence(0, 3, -1, 'negative'), sentence(3, 18, -0.8, 'negative'), sentence(18, 27, 0.9, 'positive')],
  opinions: [],
};
const one = (given: Partial<QuotableRecord>): QuotableRecord => {
  const whole = { ...record, ...given };
  return { ...whole, sentences: given.sentences ?? [sentence(0, whole.text.length, -0.8, 'negative')] };
};
const opinion = (target: [number, number], expression: [number, number]): Opinion => ({
  target: { surface: '', lemma: '', span: { start: target[0], end: target[1] } },
  expression: { surface: '', lemma: '', span: { start: expression[0], end: expression[1] } },
  polarity: 'negative',
  negated: false,
  intensity: 'normal',
  tense: 'present',
  modality: 'stated',
  by: 'lexicon',
  key: '荷物:届く:-',
});

test('a sentence that says something wins over a shorter, stronger one, and a record is quoted once', () => {
  expect(pickVerbatims([record], 'delivery', 'criticism', 3).map(({ sentence: said }) => said)).toEqual([
    '三日待っても荷物が届きません。',
  ]);
});

test('the short one is better than none', () => {
  const short = { ...record, sentences: record.sentences.slice(0, 1) };
  expect(pickVerbatims([short], 'delivery', 'criticism', 3)[0]?.sentence).toBe('遅い。');
});

test('praise is no evidence of criticism, but of praise', () => {
  const praising = { ...record, sentences: record.sentences.slice(2) };
  expect(pickVerbatims([praising], 'delivery', 'criticism', 3)).toEqual([]);
  expect(pickVerbatims([praising], 'delivery', 'praise', 3)[0]?.sentence).toBe('箱はきれいでした。');
  expect(pickVerbatims([record], 'price', 'criticism', 3)).toEqual([]);
});

test('a request is a sentence that asks', () => {
  const asking = one({ text: '土曜日の配達をお願いしたいです。' });
  const asked = asking.sentences.map((said) => ({ ...said, intents: [{ id: 'request' as const, confidence: 0.8 }] }));
  expect(pickVerbatims([asking], 'delivery', 'request', 3)).toEqual([]);
  expect(pickVerbatims([{ ...asking, sentences: asked }], 'delivery', 'request', 3)).toHaveLength(1);
});

test('no two alike: copies and near copies are left out', () => {
  const said = [
    '荷物が三日も届きませんでした。',
    '荷物が三日も届きませんでした！',
    '箱が濡れて破れていました。',
    '荷物が三日も届きません。',
  ];
  const records = said.map((words, at) => one({ id: `${at}`, text: words }));
  expect(pickVerbatims(records, 'delivery', 'criticism', 3).map(({ id }) => id)).toEqual(['0', '2']);
});

test('what the opinion is read from is highlighted, within the sentence', () => {
  const judged = { ...record, opinions: [opinion([9, 11], [12, 16])] };
  const [verbatim] = pickVerbatims([judged], 'delivery', 'criticism', 1);
  expect(verbatim?.highlights.map(({ start, end }) => verbatim.sentence.slice(start, end))).toEqual([
    '荷物',
    '届きませ',
  ]);
});

test('without opinions the words of the topic are, unless they are the whole sentence', () => {
  expect(pickVerbatims([record], 'delivery', 'criticism', 1)[0]?.highlights).toEqual([]);
  const [said] = one({ text: '荷物が三日も届きません。' }).sentences;
  if (said === undefined) throw new Error('no sentence');
  const topics = said.topics.map((mention) => ({
    ...mention,
    spans: [
      { start: 0, end: 2 },
      { start: 1, end: 3 },
    ],
  }));
  const named = one({ text: '荷物が三日も届きません。', sentences: [{ ...said, topics }] });
  expect(pickVerbatims([named], 'delivery', 'criticism', 1)[0]?.highlights).toEqual([{ start: 0, end: 3 }]);
});

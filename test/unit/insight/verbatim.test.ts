import { expect, test } from 'vitest';
import type { SentenceAnalysis } from '../../../src/domain/analysis.ts';
import { pickVerbatim } from '../../../src/insight/verbatim.ts';

const text = '遅い。三日待っても荷物が届きません。箱はきれいでした。';
const sentence = (start: number, end: number, score: number, polarity: 'negative' | 'positive'): SentenceAnalysis => ({
  span: { start, end },
  sentiment: { label: polarity, score, confidence: 0.9 },
  topics: [{ id: 'delivery', polarity, confidence: 0.9, by: 'model', spans: [] }],
  intents: [],
  flags: [],
});
const record = {
  id: 'a',
  occurredAt: '2026-11-01T00:00:00.000Z',
  text,
  sentences: [sentence(0, 3, -1, 'negative'), sentence(3, 18, -0.8, 'negative'), sentence(18, 27, 0.9, 'positive')],
};

test('a sentence that says something wins over a shorter, stronger one', () => {
  expect(pickVerbatim([record], 'delivery')?.sentence).toBe('三日待っても荷物が届きません。');
});

test('the short one is better than none', () => {
  expect(pickVerbatim([{ ...record, sentences: record.sentences.slice(0, 1) }], 'delivery')?.sentence).toBe('遅い。');
});

test('praise is no evidence, and no evidence is said so', () => {
  expect(pickVerbatim([{ ...record, sentences: record.sentences.slice(2) }], 'delivery')).toBeUndefined();
  expect(pickVerbatim([record], 'price')).toBeUndefined();
});

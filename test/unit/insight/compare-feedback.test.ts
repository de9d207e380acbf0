import { expect, test } from 'vitest';
import type { TopicId } from '../../../src/domain/labels.ts';
import { type ComparedRecord, compareFeedback, createSegmentSum } from '../../../src/insight/compare-feedback.ts';

const said = (score: number, topics: readonly TopicId[], given: Partial<ComparedRecord> = {}): ComparedRecord => ({
  sentiment: { label: score < 0 ? 'negative' : 'positive', score, confidence: 0.9 },
  topics: topics.map((id) => ({ id, polarity: 'neutral', confidence: 0.9, by: 'model', spans: [] })),
  ...given,
});
const nps = (score: number) => ({ survey: { metric: 'nps' as const, score, min: 0, max: 10 } });

function figuresOf(records: readonly ComparedRecord[]) {
  const sum = createSegmentSum();
  for (const record of records) sum.add(record);
  return sum.figures();
}

const many = (count: number, record: ComparedRecord) => Array.from({ length: count }, () => record);

test('figures carry their sizes and errors', () => {
  const { sentiment, ...figures } = figuresOf([
    said(-1, ['billing', 'billing'], { customer: 'a', ...nps(2) }),
    said(1, ['billing', 'staff'], { customer: 'a', ...nps(10) }),
    said(0, [], { customer: 'b' }),
    { topics: [] },
  ]);
  expect(figures).toMatchObject({
    feedback: 4,
    customers: { value: 2, standardError: 0 },
    judged: 3,
    negative: 1,
    negativeShare: 1 / 3,
    scores: { nps: { answers: 2, score: 0 } },
    topics: new Map([
      ['billing', 2],
      ['staff', 1],
    ]),
  });
  expect(sentiment?.value).toBe(0);
  expect(sentiment?.standardError).toBeCloseTo(1 / Math.sqrt(3), 12);
});

test('shares and scores are compared with the tests that golden vectors exist for', () => {
  const one = figuresOf([...many(40, said(-0.5, ['billing'], nps(2))), ...many(60, said(0.5, ['staff'], nps(10)))]);
  const other = figuresOf([...many(20, said(-0.5, ['billing'], nps(2))), ...many(80, said(0.5, ['staff'], nps(10)))]);
  const compared = compareFeedback(one, other);
  // Pooled: (0.4 - 0.2) / √(0.3 · 0.7 · 2 / 100) = 3.0861 standard errors.
  expect(compared.negativeShare?.difference).toBeCloseTo(0.2, 12);
  expect(compared.negativeShare?.pValue).toBeCloseTo(0.002028, 6);
  expect(compared.scores).toMatchObject([{ metric: 'nps' }]);
  expect(compared.scores[0]?.difference).toBeCloseTo(-40, 9);
  expect(compared.sentiment?.difference).toBeCloseTo(-0.2, 12);
  const topics = new Map(compared.topics.map(({ topic, ...figures }) => [topic, figures]));
  expect(topics.get('billing')).toMatchObject({ one: 40, other: 20 });
  expect(topics.get('billing')?.logOdds).toBeGreaterThan(0);
  expect(topics.get('staff')?.logOdds).toBeLessThan(0);
});

test('a segment against itself does not differ', () => {
  const segment = figuresOf(many(30, said(0.3, ['staff', 'price'], nps(9))));
  const compared = compareFeedback(segment, segment);
  expect(compared).toMatchObject({ negativeShare: { difference: 0, pValue: 1 }, sentiment: { pValue: 1 } });
  for (const { z, q } of compared.topics) expect([z, q]).toEqual([0, 1]);
});

test('nothing is compared with an empty segment', () => {
  const compared = compareFeedback(figuresOf(many(5, said(1, ['staff']))), figuresOf([]));
  expect(compared).toEqual({ scores: [], topics: [] });
});

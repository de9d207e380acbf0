import { expect, test } from 'vitest';
import type { TopicMention } from '../../../src/domain/analysis.ts';
import type { Labels } from '../../../src/domain/labelled-text.ts';
import type { Polarity, TopicId } from '../../../src/domain/labels.ts';
import {
  type FoundLabels,
  figuresOf,
  type Judged,
  majorityOf,
  sentimentConfusion,
  worstMistakes,
} from '../../../src/insight/label-figures.ts';
import { calibrationErrorOf, reliabilityOf } from '../../../src/insight/reliability.ts';

const said = (label: 'positive' | 'negative' | 'neutral' | 'mixed', confidence = 0.9): FoundLabels => ({
  sentiment: { label, score: 0, confidence },
});
const about = (id: TopicId, polarity: Polarity, confidence = 0.9): TopicMention => ({
  id,
  polarity,
  confidence,
  by: 'model',
  spans: [],
});

test('accuracy and macro-F1 of sentiment are those of the confusion', () => {
  const judged: Judged[] = [
    { given: { sentiment: 'positive' }, found: said('positive') },
    { given: { sentiment: 'positive' }, found: said('negative') },
    { given: { sentiment: 'negative' }, found: said('negative') },
    { given: { sentiment: 'neutral' }, found: said('neutral') },
  ];
  const { sentiment } = figuresOf(judged);
  expect(sentiment?.accuracy).toBe(0.75);
  expect(sentiment?.macroF1).toBeCloseTo((2 / 3 + 2 / 3 + 1) / 3);
  expect(sentimentConfusion(judged)).toEqual([
    [1, 1, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 0],
  ]);
});

test('topics count with and without their polarity', () => {
  const given: Labels = {
    topics: [
      { id: 'price', polarity: 'negative' },
      { id: 'taste', polarity: 'positive' },
    ],
  };
  const found: FoundLabels = { topics: [about('price', 'positive'), about('staff', 'positive', 0.6)] };
  const figures = figuresOf([{ given, found }]);
  expect(figures.topics?.microF1).toBeCloseTo(2 / 4);
  expect(figures['topics with polarity']?.microF1).toBe(0);
  expect(figures.topics?.calibrationError).toBeCloseTo((0.1 + 0.6) / 2);
});

test('a topic stated twice counts once as a topic', () => {
  const given: Labels = { topics: [{ id: 'price', polarity: 'negative' }] };
  const found: FoundLabels = { topics: [about('price', 'positive'), about('price', 'negative')] };
  const figures = figuresOf([{ given, found }]);
  expect(figures.topics?.microF1).toBe(1);
  expect(figures['topics with polarity']?.microF1).toBeCloseTo(2 / 3);
});

test('what a person did not label is not counted, what was not found is', () => {
  const figures = figuresOf([
    { given: { intents: ['praise'] }, found: {} },
    { given: { emotion: 'none' }, found: {} },
  ]);
  expect(Object.keys(figures).sort()).toEqual(['emotion', 'intents']);
  expect(figures.intents?.microF1).toBe(0);
  expect(figures.emotion?.accuracy).toBe(1);
  expect(figures.emotion?.calibrationError).toBeNaN();
});

test('the calibration error is the mean distance of confidence from what was right', () => {
  const statements = [
    ...Array.from({ length: 10 }, (_, index) => ({ confidence: 0.85, right: index < 6 })),
    ...Array.from({ length: 30 }, () => ({ confidence: 1, right: true })),
  ];
  const bins = reliabilityOf(statements);
  expect(bins.map(({ from, count }) => [from, count])).toEqual([
    [0.8, 10],
    [0.9, 30],
  ]);
  expect(calibrationErrorOf(bins)).toBeCloseTo(0.25 * 0.25);
});

test('mistakes come with the most confident first', () => {
  const judged = [0.5, 0.9, 0.7].map((confidence) => ({
    given: { sentiment: 'positive' } as Labels,
    found: said(confidence === 0.7 ? 'positive' : 'negative', confidence),
  }));
  expect(worstMistakes(judged, 5).map(({ found }) => found.sentiment?.confidence)).toEqual([0.9, 0.5]);
  expect(worstMistakes(judged, 1)).toHaveLength(1);
});

test('the most frequent labels are those of the rows that have one', () => {
  expect(majorityOf([{ sentiment: 'negative' }, { sentiment: 'negative' }, { sentiment: 'mixed' }, {}])).toEqual(
    said('negative', 1),
  );
});

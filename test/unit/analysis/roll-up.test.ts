import { describe, expect, test } from 'vitest';
import { rollUp } from '../../../src/analysis/roll-up.ts';
import type { SentenceAnalysis, TopicMention } from '../../../src/domain/analysis.ts';

const scores = { positive: 0.9, negative: -0.9, neutral: 0, mixed: 0 } as const;
const length = 20;

function sentence(place: number, label: keyof typeof scores, more: Partial<SentenceAnalysis> = {}): SentenceAnalysis {
  return {
    span: { start: place * length, end: (place + 1) * length },
    sentiment: { label, score: scores[label], confidence: 0.9 },
    topics: [],
    intents: [],
    flags: [],
    ...more,
  };
}

const labelOf = (...labels: readonly (keyof typeof scores)[]) =>
  rollUp(labels.map((label, place) => sentence(place, label))).sentiment?.label;

function mention(
  id: TopicMention['id'],
  polarity: TopicMention['polarity'],
  start: number,
  confidence = 0.8,
): TopicMention {
  return { id, polarity, confidence, by: 'model', spans: [{ start, end: start + 2 }] };
}

describe('sentiment', () => {
  test('of one sentence is that sentence’s', () => {
    expect(rollUp([sentence(0, 'negative')]).sentiment).toEqual({ label: 'negative', score: -0.9, confidence: 0.9 });
  });

  test.each([
    [['neutral', 'neutral', 'negative'], 'negative'],
    [['neutral', 'positive', 'neutral', 'neutral'], 'positive'],
    [['neutral', 'neutral'], 'neutral'],
    [['positive', 'negative'], 'mixed'],
    [['mixed', 'neutral'], 'mixed'],
    [['positive', 'positive', 'positive', 'negative', 'positive'], 'positive'],
    [['negative', 'positive', 'negative', 'negative'], 'negative'],
  ] as const)('of %j is %s', (labels, whole) => {
    expect(labelOf(...labels)).toBe(whole);
  });

  test('leans to the last sentence', () => {
    const score = (...labels: readonly ('positive' | 'negative')[]) =>
      rollUp(labels.map((label, place) => sentence(place, label))).sentiment?.score ?? 0;
    expect(score('positive', 'negative')).toBeLessThan(0);
    expect(score('negative', 'positive')).toBeGreaterThan(0);
  });
});

describe('topics', () => {
  test('of one polarity become one, with all ranges and the highest confidence', () => {
    const { topics } = rollUp([
      sentence(0, 'negative', { topics: [mention('price', 'negative', 3, 0.6)] }),
      sentence(1, 'negative', { topics: [mention('price', 'negative', 25, 0.9)] }),
    ]);
    expect(topics).toEqual([
      {
        id: 'price',
        polarity: 'negative',
        confidence: 0.9,
        by: 'model',
        spans: [
          { start: 3, end: 5 },
          { start: 25, end: 27 },
        ],
      },
    ]);
  });

  test('both praised and criticised stay twice', () => {
    const { topics } = rollUp([
      sentence(0, 'positive', { topics: [mention('location', 'positive', 0)] }),
      sentence(1, 'negative', { topics: [mention('location', 'negative', 20)] }),
    ]);
    expect(topics.map(({ id, polarity }) => `${id} ${polarity}`)).toEqual(['location positive', 'location negative']);
  });

  test('judged once need no bare mention', () => {
    const { topics } = rollUp([
      sentence(0, 'neutral', { topics: [mention('taste', 'neutral', 0, 0.99)] }),
      sentence(1, 'positive', { topics: [mention('taste', 'positive', 20, 0.7)] }),
    ]);
    expect(topics.map(({ polarity }) => polarity)).toEqual(['positive']);
  });
});

test('intents and flags are merged, overlapping ranges joined', () => {
  const { intents, flags } = rollUp([
    sentence(0, 'negative', {
      intents: [{ id: 'complaint', confidence: 0.7, spans: [{ start: 0, end: 10 }] }],
      flags: [{ id: 'effort', confidence: 0.6, spans: [{ start: 0, end: 20 }] }],
    }),
    sentence(1, 'negative', {
      intents: [
        { id: 'complaint', confidence: 0.8, spans: [{ start: 5, end: 30 }] },
        { id: 'cancel', confidence: 0.9, spans: [{ start: 20, end: 40 }] },
      ],
    }),
  ]);
  expect(intents).toEqual([
    { id: 'cancel', confidence: 0.9, spans: [{ start: 20, end: 40 }] },
    { id: 'complaint', confidence: 0.8, spans: [{ start: 0, end: 30 }] },
  ]);
  expect(flags).toEqual([{ id: 'effort', confidence: 0.6, spans: [{ start: 0, end: 20 }] }]);
});

test('the surest emotion is the text’s', () => {
  const { emotion } = rollUp([
    sentence(0, 'negative', { emotion: { id: 'anger', confidence: 0.8 } }),
    sentence(1, 'negative', { emotion: { id: 'disappointment', confidence: 0.6 } }),
  ]);
  expect(emotion).toEqual({ id: 'anger', confidence: 0.8 });
});

import { expect, test } from 'vitest';
import { rollUpByModel } from '../../../src/analysis/roll-up-by-model.ts';
import type { Decision, SentenceScores } from '../../../src/analysis/sentence-scores.ts';
import type { SentenceAnalysis, TopicMention } from '../../../src/domain/analysis.ts';
import { emotionIds, flagIds, intentIds, polarities, type Sentiment, topicIds } from '../../../src/domain/labels.ts';
import { thresholdsOf, uncalibrated } from '../../../src/model/calibration.ts';

const decision: Decision = {
  thresholds: thresholdsOf(uncalibrated),
  rollUp: {
    sentiment: { passages: 0.6, last: 2, sharpness: 1 },
    topics: { passages: 0.5, bothFrom: 0.5 },
    intents: { passages: 0.5 },
    emotion: { passages: 0.8 },
    flags: { passages: 0.5 },
  },
};

const none = <Id extends string>(ids: readonly Id[]) =>
  Object.fromEntries(ids.map((id) => [id, 0])) as Record<Id, number>;

interface Said {
  readonly sentiment?: Sentiment;
  readonly price?: number;
  readonly polarity?: 'positive' | 'negative' | 'neutral';
  readonly request?: number;
  readonly joy?: number;
  readonly effort?: number;
}

function scoresOf({ sentiment = 'neutral', price = 0, polarity = 'neutral', request = 0, joy = 0, effort = 0 }: Said) {
  return {
    sentiment: { positive: 0, negative: 0, neutral: 0, mixed: 0, [sentiment]: 1 },
    topics: { ...none(topicIds), price },
    polarities: Object.fromEntries(topicIds.map((id) => [id, { ...none(polarities), [polarity]: 1 }])),
    intents: { ...none(intentIds), request },
    emotion: { ...none(emotionIds), none: 1 - joy, joy },
    flags: { ...none(flagIds), effort },
    truncated: false,
  } as SentenceScores;
}

function sentence(place: number, topics: TopicMention[] = []): SentenceAnalysis {
  const sentiment = { label: 'neutral', score: 0, confidence: 1 } as const;
  return { span: { start: place * 20, end: place * 20 + 20 }, sentiment, topics, intents: [], flags: [] };
}

const roll = (sentences: readonly Said[], passages: readonly Said[], topics: readonly TopicMention[][] = []) =>
  rollUpByModel(
    sentences.map((_, place) => sentence(place, topics[place])),
    { sentences: sentences.map(scoresOf), passages: passages.map(scoresOf), decision },
  );

test('the sentiment is a mean of what passages and sentences say, by their share', () => {
  const { sentiment } = roll([{ sentiment: 'positive' }, { sentiment: 'positive' }], [{ sentiment: 'mixed' }]);
  expect(sentiment).toEqual({ label: 'mixed', score: 0.4, confidence: 0.6 });
});

test('the last sentence weighs more', () => {
  const said = (...labels: Sentiment[]) =>
    roll(
      labels.map((sentiment) => ({ sentiment })),
      [{}],
    ).sentiment?.score;
  expect(said('positive', 'negative')).toBeCloseTo(0.4 * (1 / 3 - 2 / 3));
  expect(said('negative', 'positive')).toBeCloseTo(0.4 * (2 / 3 - 1 / 3));
});

test('of several passages the last weighs more', () => {
  const passages = [{ sentiment: 'positive' }, { sentiment: 'negative' }] as const;
  expect(roll([{}, {}], passages).sentiment?.score).toBeCloseTo(0.6 * (1 / 3 - 2 / 3));
});

test('a topic is stated if passage and sentence together are sure enough of it', () => {
  expect(roll([{ price: 0.6 }, {}], [{ price: 0.3 }]).topics).toEqual([]);
  expect(roll([{ price: 0.3 }, {}], [{ price: 0.9 }]).topics).toMatchObject([{ id: 'price', confidence: 0.6 }]);
});

test('a topic points at the words of the sentences that name it so, or at the likeliest sentence', () => {
  const mention: TopicMention = {
    id: 'price',
    polarity: 'negative',
    confidence: 0.9,
    by: 'model',
    spans: [{ start: 22, end: 24 }],
  };
  const sentences = [{}, { price: 0.9, polarity: 'negative' }] as const;
  const passages = [{ price: 0.9, polarity: 'negative' }] as const;
  expect(roll(sentences, passages, [[], [mention]]).topics[0]).toMatchObject({ spans: [{ start: 22, end: 24 }] });
  expect(roll(sentences, passages).topics[0]).toMatchObject({ spans: [{ start: 20, end: 40 }] });
});

test('a topic that is both praised and criticised with about equal strength is stated twice', () => {
  const twice = roll(
    [
      { price: 0.8, polarity: 'positive' },
      { price: 0.8, polarity: 'negative' },
    ],
    [{ price: 0.5, polarity: 'neutral' }],
  );
  expect(twice.topics.map(({ polarity }) => polarity)).toEqual(['positive', 'negative']);
  const once = roll(
    [
      { price: 0.9, polarity: 'positive' },
      { price: 0.2, polarity: 'negative' },
    ],
    [{ price: 0.5 }],
  );
  expect(once.topics.map(({ polarity }) => polarity)).toEqual(['positive']);
});

test('intents and flags are stated likewise and point at their sentence', () => {
  const { intents, flags } = roll([{}, { request: 0.8, effort: 0.9 }], [{ request: 0.4, effort: 0.05 }]);
  expect(intents).toEqual([{ id: 'request', confidence: 0.6, spans: [{ start: 20, end: 40 }] }]);
  expect(flags).toEqual([]);
});

test('the emotion is the passages’, and a little the last sentence’s', () => {
  expect(roll([{}, { joy: 1 }], [{ joy: 0.4 }]).emotion).toEqual({ id: 'joy', confidence: 0.52 });
  expect(roll([{ joy: 1 }, {}], [{ joy: 0.4 }]).emotion).toBeUndefined();
});

test('without passages the sentences alone decide', () => {
  expect(roll([{ sentiment: 'positive' }], []).sentiment).toEqual(sentence(0).sentiment);
});

test('what the model does not judge is put together from the sentences', () => {
  const { sentiment } = scoresOf({ sentiment: 'positive' });
  const onlySentiment = { truncated: false, ...(sentiment && { sentiment }) };
  const mention: TopicMention = { id: 'price', polarity: 'negative', confidence: 0.5, by: 'rule', spans: [] };
  const rolled = rollUpByModel([sentence(0, [mention]), sentence(1)], {
    sentences: [onlySentiment, onlySentiment],
    passages: [onlySentiment],
    decision,
  });
  expect(rolled.sentiment?.label).toBe('positive');
  expect(rolled.topics).toEqual([mention]);
  expect(rolled.emotion).toBeUndefined();
});

import { BSON } from 'mongodb';
import { expect, test } from 'vitest';
import type { FeedbackCounts } from '../../../src/insight/feedback-counts.ts';
import { packCounts, type StoredCounts, unpackCounts } from '../../../src/store/packed-counts.ts';

const nobody = { promoters: 0, passives: 0, detractors: 0 };
const counts: FeedbackCounts = {
  feedback: [{ channel: 'chat', feedback: 3, ...nobody }],
  topics: [
    {
      ...{ topic: 'billing', channel: 'chat', count: 3, negative: 2, positive: 1, mixed: 0, requests: 0 },
      sentimentSum: -0.5,
      voices: {
        criticism: { ...nobody, detractors: 1, customers: [0, 7, 2 ** 31, 2 ** 32 - 1] },
        praise: { ...nobody, customers: [] },
      },
    },
  ],
  opinions: [
    { key: '請求:おかしい:-', channel: 'chat', count: 1 },
    { key: '請求:おかしい:-', topic: 'billing', channel: 'chat', count: 2 },
    { key: '明細:見やすい:+', topic: 'billing', channel: 'chat', count: 1 },
    { key: '明細:見やすい:+', topic: 'billing', channel: 'survey', count: 4 },
  ],
};

/** As MongoDB gives back what was stored. */
const stored = (given: object) => BSON.deserialize(BSON.serialize(given)) as StoredCounts;

test('counts come back as they were packed', () => {
  expect(unpackCounts(stored(packCounts(counts)))).toEqual(counts);
  expect(packCounts(counts).opinions).toHaveLength(3);
});

test('counts of earlier versions are read as they are', () => {
  const { topics: rows, feedback, opinions } = counts;
  expect(unpackCounts(stored({ rows, feedback, opinions }))).toEqual(counts);
  const { voices, requests, ...first } = { ...rows[0] };
  expect(unpackCounts(stored({ rows: [first] }))).toEqual({
    feedback: [],
    topics: [{ ...first, requests: 0, voices: {} }],
    opinions: [],
  });
});

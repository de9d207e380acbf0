import { expect, test } from 'vitest';
import { countsOf } from '../../../src/insight/count-feedback.ts';
import { severityOf } from '../../../src/insight/severity.ts';
import { sumCounts } from '../../../src/insight/sum-counts.ts';
import { sortPoints } from '../../../src/insight/voice-order.ts';
import { voicePoints } from '../../../src/insight/voice-points.ts';
import { enrichedRecord, topic } from '../../support/records.ts';

type Given = Parameters<typeof enrichedRecord>[0];
const times = (count: number, given: (at: number) => Given) =>
  Array.from({ length: count }, (_, at) => countsOf(enrichedRecord(given(at))));
const about = (id: Parameters<typeof topic>[0], polarity: Parameters<typeof topic>[1]): Given => ({
  topics: [topic(id, polarity)],
});
const nothing = sumCounts([]);

test('topics rank by voices, then by the surer share; praise alone is no pain', () => {
  const current = sumCounts([
    ...times(8, () => about('price', 'negative')),
    ...times(92, () => about('price', 'positive')),
    ...times(8, () => about('delivery', 'negative')),
    ...times(2, () => about('delivery', 'positive')),
    ...times(50, () => about('taste', 'positive')),
    ...times(12, () => about('waiting', 'negative')),
  ]);
  const ranked = sortPoints(voicePoints('criticism', current, nothing), 'criticism', 'volume');
  expect(ranked.map(({ topic: id }) => id)).toEqual(['waiting', 'delivery', 'price']);
  expect(ranked[1]).toMatchObject({ count: 10, voices: 8, share: 0.8 });
  expect(ranked.every(({ change }) => change === undefined)).toBe(true);
  // Ten pieces of feedback weigh less than the share of all topics.
  expect(ranked[1]?.shrunkShare).toBeLessThan(0.8);
  const praised = sortPoints(voicePoints('praise', current, nothing), 'praise', 'volume');
  expect(praised.map(({ topic: id }) => id)).toEqual(['price', 'taste', 'delivery']);
});

test('a rise is told with its significance, by share of all feedback', () => {
  const now = sumCounts([
    ...times(30, () => about('billing', 'negative')),
    ...times(70, () => about('price', 'negative')),
  ]);
  const before = sumCounts([
    ...times(10, () => about('billing', 'negative')),
    ...times(140, () => about('price', 'negative')),
    ...times(50, () => ({ topics: [] })),
  ]);
  const points = sortPoints(voicePoints('criticism', now, before), 'criticism', 'growth');
  expect(points.map(({ topic: id }) => id)).toEqual(['billing', 'price']);
  expect(points[0]?.change).toMatchObject({ previous: 10 });
  expect(points[0]?.change?.growth).toBeCloseTo(6, 10);
  expect(points[0]?.change?.q).toBeLessThan(0.001);
  expect(points[1]?.change?.growth).toBeCloseTo(1, 10);
  expect(points[1]?.change?.pValue).toBeCloseTo(1, 10);
});

test('customers are counted once, over channels and hours', () => {
  const counts = times(6, (at) => ({
    ...about('billing', 'negative'),
    channel: at % 2 === 0 ? 'chat' : 'review',
    customer: `c-${at % 3}`,
  }));
  const [point] = voicePoints('criticism', sumCounts(counts), nothing);
  expect(point?.customers).toEqual({ value: 3, standardError: 0 });
  expect(point?.channels).toMatchObject([
    { channel: 'chat', voices: 3 },
    { channel: 'review', voices: 3 },
  ]);
});

test('NPS impact is the score less the score without those who criticise', () => {
  const answered = (score: number, given: Given): Given => ({
    ...given,
    survey: { metric: 'nps', score, min: 0, max: 10 },
  });
  const current = sumCounts([
    ...times(4, () => answered(2, about('waiting', 'negative'))),
    ...times(6, () => answered(10, about('staff', 'positive'))),
    ...times(3, () => ({ ...about('waiting', 'negative'), survey: { metric: 'nps', score: 1, min: 1, max: 5 } })),
  ]);
  const [waiting] = voicePoints('criticism', current, nothing);
  // 6 promoters and 4 detractors are 20; without the 4 it would be 100.
  expect(waiting?.npsImpact).toEqual({ points: -80, answers: 4 });
  const [staff] = voicePoints('praise', current, nothing);
  expect(staff?.npsImpact).toEqual({ points: 120, answers: 6 });
});

test('severity is 100 only if everybody criticises as strongly as can be', () => {
  expect(severityOf('criticism', { reach: 1, depth: 1, sentiment: -1 })).toBe(100);
  expect(severityOf('criticism', { reach: 0.25, depth: 1, sentiment: -1 })).toBe(50);
  expect(severityOf('praise', { reach: 1, depth: 1, sentiment: -1 })).toBe(0);
  expect(severityOf('request', { reach: 1, depth: 0.25, sentiment: 0 })).toBe(50);
});

test('the order of adding does not matter, and sums of sums are the sums', () => {
  const parts = [
    ...times(5, (at) => ({ ...about('price', 'negative'), customer: `c-${at}` })),
    ...times(5, (at) => ({ ...about('staff', 'positive'), customer: `d-${at}`, channel: 'chat' })),
  ];
  const whole = sumCounts(parts);
  expect(sumCounts([...parts].reverse())).toEqual(whole);
  expect(sumCounts([sumCounts(parts.slice(0, 3)), sumCounts(parts.slice(3))])).toEqual(whole);
});

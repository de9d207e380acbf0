import { describe, expect, test } from 'vitest';
import type { FlagScore, TextAnalysis } from '../../../src/domain/analysis.ts';
import { type FlaggedBy, flagsOfRecord } from '../../../src/pipeline/record-flags.ts';

const analysis = (changes: Partial<TextAnalysis> = {}): TextAnalysis => ({
  status: 'analyzed',
  language: { code: 'ja', confidence: 1 },
  sentiment: { label: 'negative', score: -0.8, confidence: 0.9 },
  topics: [],
  intents: [],
  flags: [],
  opinions: [],
  sentences: [],
  ...changes,
});
const record = (changes: Partial<FlaggedBy> = {}): FlaggedBy => ({
  tenant: 'shop',
  text: 'アルファ社のほうが安い',
  receivedAt: '2026-11-01T02:00:00.000Z',
  ...changes,
});
const positive = { label: 'positive', score: 0.8, confidence: 0.9 } as const;
const stars = (value: number) => ({ rating: { value, min: 1, max: 5 } });
const nps = (score: number) => ({ survey: { metric: 'nps', score, min: 0, max: 10 } as const });

describe('a rating that contradicts its text', () => {
  test.each([
    ['five stars over a complaint', stars(5), {}],
    ['one star over praise', stars(1), { sentiment: positive }],
    ['NPS 10 over a complaint', nps(10), {}],
    ['NPS 1 over praise', nps(1), { sentiment: positive }],
  ])('%s', (_, given, said) => {
    const flags = flagsOfRecord(record(given), analysis(said), {});
    expect(flags).toMatchObject([{ id: 'rating-mismatch', confidence: 0.7 }]);
  });

  test('says what contradicts what', () => {
    const [flag] = flagsOfRecord(record(stars(5)), analysis(), {});
    expect(flag?.reason).toBe('5 of 1 to 5 with a negative text');
  });

  test.each([
    ['three stars', stars(3), {}],
    ['one star over a complaint', stars(1), {}],
    ['five stars over both', stars(5), { sentiment: { label: 'mixed', score: -0.2, confidence: 0.8 } as const }],
    ['no rating', {}, {}],
    ['a survey without its score', { survey: { metric: 'nps', min: 0, max: 10 } as const }, {}],
    ['effort, of which little is good', { survey: { metric: 'ces', score: 7, min: 1, max: 7 } as const }, {}],
    ['a text that was not analysed', stars(5), { status: 'not-meaningful' } as const],
  ])('none for %s', (_, given, said) => {
    expect(flagsOfRecord(record(given), analysis(said), {})).toEqual([]);
  });
});

describe('deadlines', () => {
  const safety: FlagScore = { id: 'safety', confidence: 0.9, deadlines: [{ report: 'r', days: 10 }] };

  test.each([
    ['in the middle of a day', '2026-11-01T02:00:00.000Z', '2026-11-10T14:59:59.000Z'],
    ['before midnight in Japan', '2026-11-01T14:59:59.000Z', '2026-11-10T14:59:59.000Z'],
    ['at midnight in Japan', '2026-11-01T15:00:00.000Z', '2026-11-11T14:59:59.000Z'],
  ])('end with the tenth day, the day of receipt being the first: %s', (_, receivedAt, until) => {
    const [flag] = flagsOfRecord(record({ receivedAt }), analysis({ flags: [safety] }), {});
    expect(flag?.deadlines).toEqual([{ report: 'r', days: 10, until }]);
  });
});

describe('competitors by name', () => {
  test('are those of every tenant and of the own', () => {
    const competitors = { '*': ['ベータ屋'], shop: ['アルファ社'], bank: ['安い'] };
    const flags = flagsOfRecord(record(), analysis(), competitors);
    expect(flags).toMatchObject([{ id: 'competitor', spans: [{ start: 0, end: 5 }] }]);
    expect(flagsOfRecord(record({ tenant: 'other' }), analysis(), competitors)).toEqual([]);
  });

  test('join what the text was flagged for', () => {
    const told: FlagScore = { id: 'competitor', confidence: 0.85, spans: [{ start: 6, end: 8 }], reason: 'r' };
    const flags = flagsOfRecord(record(), analysis({ flags: [told] }), { shop: ['アルファ社'] });
    expect(flags).toHaveLength(1);
    expect(flags[0]).toMatchObject({ confidence: 0.95, reason: 'r; a competitor by name' });
    expect(flags[0]?.spans).toHaveLength(2);
  });
});

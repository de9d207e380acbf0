import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { SentenceScores } from '../../../src/analysis/sentence-scores.ts';
import { type Calibration, thresholdsOf, uncalibrated } from '../../../src/model/calibration.ts';
import { createHeadReader } from '../../../src/model/heads.ts';
import { type LabelMap, labelMapSchema } from '../../../src/model/label-map.ts';
import { packageRoot } from '../../../src/runtime/package-root.ts';

let labels: LabelMap;

beforeAll(async () => {
  const text = await readFile(join(packageRoot(), 'models/encoder/labels.json'), 'utf8');
  labels = labelMapSchema.parse(JSON.parse(text));
});

/** Logits in which only the given columns differ from zero. */
function logits(columns: Record<number, number>): Float32Array {
  const row = new Float32Array(labels.width);
  for (const [column, value] of Object.entries(columns)) row[Number(column)] = value;
  return row;
}

function readHeads(row: Float32Array, calibration: Calibration = uncalibrated): Required<SentenceScores> {
  return createHeadReader(labels, calibration)(row, true) as Required<SentenceScores>;
}

test('reads each head from its own columns', () => {
  // Columns as the encoder was trained: negative 1, topic price 4 + 7, price's polarity 30 + 3 × 7, question 110,
  // joy 119, sarcasm 123.
  const scores = readHeads(logits({ 1: 20, 11: 20, 52: 20, 110: 20, 119: 20, 123: 20 }));
  expect(scores.sentiment.negative).toBeCloseTo(1);
  expect(scores.topics.price).toBeCloseTo(1);
  expect(scores.topics.billing).toBe(0.5);
  expect(scores.polarities.price.negative).toBeCloseTo(1);
  expect(scores.polarities.billing.negative).toBeCloseTo(1 / 3);
  expect(scores.intents.question).toBeCloseTo(1);
  expect(scores.emotion.joy).toBeCloseTo(1);
  expect(scores.flags.sarcasm).toBeCloseTo(1);
  expect(scores.flags.effort).toBe(0.5);
});

test('probabilities stay finite and sum to one where they should, however large the logits', () => {
  const scores = readHeads(logits({ 0: 1e4, 1: 1e4, 2: -1e4, 11: -1e4, 12: 1e4, 115: -1e4 }));
  const sum = (values: Record<string, number>) => Object.values(values).reduce((a, b) => a + b, 0);
  expect(scores.sentiment).toEqual({ positive: 0.5, negative: 0.5, neutral: 0, mixed: 0 });
  expect([scores.topics.price, scores.topics.billing]).toEqual([0, 1]);
  expect(sum(scores.emotion)).toBeCloseTo(1);
  for (const polarity of Object.values(scores.polarities)) expect(sum(polarity)).toBeCloseTo(1);
  expect(scores.truncated).toBe(true);
});

test('divides logits by the temperature of their head and leaves the row as it was', () => {
  const row = logits({ 0: 2, 11: 2, 110: 2 });
  const calibration = { ...uncalibrated, temperatures: { sentiment: 2, topics: 4 } };
  const { sentiment, topics, intents } = readHeads(row, calibration);
  expect(sentiment.positive).toBeCloseTo(Math.E / (Math.E + 3));
  expect(topics.price).toBeCloseTo(1 / (1 + Math.exp(-0.5)));
  expect(intents.question).toBeCloseTo(1 / (1 + Math.exp(-2)));
  expect([row[0], row[11]]).toEqual([2, 2]);
});

test('thresholds are the calibration’s, and one half where it names none', () => {
  const calibration = { ...uncalibrated, thresholds: { topics: { price: 0.3 }, flags: { spam: 0.9 } } };
  const { topics, flags, intents } = thresholdsOf(calibration);
  expect(topics).toMatchObject({ price: 0.3, billing: 0.5 });
  expect(flags).toMatchObject({ spam: 0.9, abuse: 0.5 });
  expect(intents.cancel).toBe(0.5);
});

test('reads another model’s stars as sentiment and leaves out what it does not judge', () => {
  const stars = labelMapSchema.parse({
    width: 6,
    heads: { sentiment: { first: 0, labels: ['negative', 'negative', 'neutral', 'positive', 'positive', null] } },
  });
  const scores = createHeadReader(stars, uncalibrated)(Float32Array.of(0, 0, 0, Math.log(3), Math.log(2), 50), false);
  expect(scores.sentiment?.positive).toBeCloseTo(5 / 8);
  expect(scores.sentiment?.negative).toBeCloseTo(2 / 8);
  expect(scores.sentiment?.mixed).toBe(0);
  expect(scores.topics).toBeUndefined();
  expect(scores.flags).toBeUndefined();
});

type Map = { width: number; heads: Record<string, { first: number; labels: (string | null)[] }> };

test.each([
  ['a label is unknown', ({ heads }: Map) => heads.flags?.labels.push('irony'), 'Invalid option'],
  ['a flag is there twice', ({ heads }: Map) => heads.flags?.labels.fill('spam'), 'must name no label twice'],
  ['all columns are one sentiment', ({ heads }: Map) => heads.sentiment?.labels.fill('mixed'), 'more than one label'],
  ['heads overlap', ({ heads }: Map) => Object.assign(heads.intents ?? {}, { first: 107 }), 'share column 107'],
  ['a head leaves the logits', (map: Map) => Object.assign(map, { width: 127 }), 'ends at column 128 of 127'],
  ['topics lack polarities', ({ heads }: Map) => delete heads.polarities, 'topics need polarities'],
  ['a head is unknown', ({ heads }: Map) => Object.assign(heads, { mood: heads.flags }), 'mood'],
  ['there are no heads', (map: Map) => Object.assign(map, { heads: {} }), 'there is none'],
])('refuses a map in which %s', (_, spoil, problem) => {
  const map = structuredClone(labels) as Map;
  spoil(map);
  expect(() => labelMapSchema.parse(map)).toThrow(problem);
});

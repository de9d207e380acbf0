import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readHeads } from '../../../src/model/heads.ts';
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

test('reads each head from its own columns', () => {
  // Columns as the encoder was trained: negative 1, topic price 4 + 7, price's polarity 30 + 3 × 7, question 110,
  // joy 119, sarcasm 123.
  const scores = readHeads(logits({ 1: 20, 11: 20, 52: 20, 110: 20, 119: 20, 123: 20 }), labels, false);
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
  const scores = readHeads(logits({ 0: 1e4, 1: 1e4, 2: -1e4, 11: -1e4, 12: 1e4, 115: -1e4 }), labels, true);
  const sum = (values: Record<string, number>) => Object.values(values).reduce((a, b) => a + b, 0);
  expect(scores.sentiment).toEqual({ positive: 0.5, negative: 0.5, neutral: 0, mixed: 0 });
  expect([scores.topics.price, scores.topics.billing]).toEqual([0, 1]);
  expect(sum(scores.emotion)).toBeCloseTo(1);
  for (const polarity of Object.values(scores.polarities)) expect(sum(polarity)).toBeCloseTo(1);
  expect(scores.truncated).toBe(true);
});

test.each([
  ['a label is missing', (map: LabelMap) => map.heads.flags.labels.pop(), 'must name each of'],
  ['a label is there twice', (map: LabelMap) => map.heads.flags.labels.fill('spam'), 'must name each of'],
  ['heads overlap', (map: LabelMap) => Object.assign(map.heads.intents, { first: 107 }), 'share column 107'],
  ['a head leaves the logits', (map: LabelMap) => Object.assign(map, { width: 127 }), 'ends at column 128 of 127'],
])('refuses a map in which %s', (_, spoil, problem) => {
  const map = structuredClone(labels);
  spoil(map);
  expect(() => labelMapSchema.parse(map)).toThrow(problem);
});

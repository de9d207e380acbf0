import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/insight/seeded-random.ts';
import { uncalibrated } from '../../../src/model/calibration.ts';
import { labelMapSchema } from '../../../src/model/label-map.ts';
import { type LinearHeads, logitsOf, parseLinearHeads, serializeLinearHeads } from '../../../src/model/linear-heads.ts';
import { denseRows, fitLogistic } from '../../../src/model/logistic-regression.ts';
import { blankHeads, type LabelledVector, refitHeads } from '../../../src/model/refit.ts';

const dimensions = 6;
const labels = labelMapSchema.parse({
  width: 7,
  heads: {
    sentiment: { first: 0, labels: ['positive', 'negative', 'neutral'] },
    intents: { first: 3, labels: ['praise', 'complaint'] },
    flags: { first: 5, labels: ['effort', 'spam'] },
  },
});

/** Rows whose first coordinate tells the sentiment and whose second one whether it is praise. */
function rowsOf(count: number, seed: number): LabelledVector[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const vector = Float32Array.from({ length: dimensions }, () => 3 + random() * 2);
    const [first = 0, second = 0] = vector;
    return {
      vector,
      labels: {
        sentiment: first > 4 ? ('positive' as const) : ('negative' as const),
        intents: second > 4 ? (['praise'] as const) : [],
      },
    };
  });
}

const strongest = (heads: LinearHeads, vector: Float32Array) => {
  const [positive = 0, negative = 0, neutral = 0] = logitsOf(heads, vector);
  return positive > negative && positive > neutral ? 'positive' : negative > neutral ? 'negative' : 'neutral';
};
const accuracy = (heads: LinearHeads, rows: readonly LabelledVector[]) =>
  rows.filter(({ vector, labels: given }) => strongest(heads, vector) === given.sentiment).length / rows.length;

test('heads that say nothing learn what the rows say', () => {
  const base = { labels, calibration: uncalibrated, heads: blankHeads(7, dimensions) };
  const heads = refitHeads(base, rowsOf(200, 1), 1);
  const unseen = rowsOf(200, 2);
  expect(accuracy(heads, unseen)).toBeGreaterThan(0.9);
  const praise = unseen.filter(({ vector, labels: { intents } }) => {
    return (logitsOf(heads, vector)[3] ?? 0) > 0 === intents?.includes('praise');
  });
  expect(praise.length).toBeGreaterThan(180);
});

test('columns of which no row tells anything stay as they are', () => {
  const heads = blankHeads(7, dimensions);
  heads.weights.forEach((_, index) => {
    heads.weights[index] = index / 10;
  });
  const fitted = refitHeads({ labels, calibration: uncalibrated, heads }, rowsOf(50, 3), 1);
  expect(fitted.weights.subarray(5 * dimensions)).toEqual(heads.weights.subarray(5 * dimensions));
  expect(fitted.weights.subarray(0, dimensions)).not.toEqual(heads.weights.subarray(0, dimensions));
});

test('the stronger the prior, the closer the heads stay to those there were', () => {
  const rows = rowsOf(100, 4);
  const base = {
    labels,
    calibration: uncalibrated,
    heads: refitHeads({ labels, calibration: uncalibrated, heads: blankHeads(7, dimensions) }, rowsOf(200, 5), 1),
  };
  const turned = rows.map((row) => ({
    ...row,
    labels: { sentiment: row.labels.sentiment === 'positive' ? ('negative' as const) : ('positive' as const) },
  }));
  const movedBy = (penalty: number) => {
    const { weights } = refitHeads(base, turned, penalty);
    return Math.hypot(...weights.map((weight, index) => weight - (base.heads.weights[index] ?? 0)));
  };
  expect(movedBy(1)).toBeGreaterThan(movedBy(100));
  expect(movedBy(1e9)).toBeLessThan(1e-3);
});

test('the temperature of a head is left out of its logits and put back', () => {
  const rows = rowsOf(100, 6);
  const calibration = { ...uncalibrated, temperatures: { sentiment: 2 } };
  const cold = refitHeads({ labels, calibration: uncalibrated, heads: blankHeads(7, dimensions) }, rows, 1);
  const warm = refitHeads({ labels, calibration, heads: blankHeads(7, dimensions) }, rows, 1);
  const [first] = rows;
  if (first === undefined) throw new Error('no rows');
  expect(logitsOf(warm, first.vector)[0]).toBeCloseTo(2 * (logitsOf(cold, first.vector)[0] ?? 0), 4);
});

test('a logistic regression has the weights at which the gradient of its posterior is zero', () => {
  const random = seededRandom(7);
  const vectors = Array.from({ length: 60 }, () => Float64Array.of(random() * 2 - 1, random() * 2 - 1));
  const truth = vectors.map(([first = 0, second = 0]) => Number(first + second / 2 + random() > 0.5));
  const [penalty, biasPenalty] = [0.7, 0.1];
  const weights = fitLogistic({ rows: denseRows(vectors), columns: 1, truth, penalty, biasPenalty, iterations: 300 });
  const [first = 0, second = 0, bias = 0] = weights;
  const gradient = [penalty * first, penalty * second, biasPenalty * bias];
  vectors.forEach(([x = 0, y = 0], row) => {
    const residual = 1 / (1 + Math.exp(-(first * x + second * y + bias))) - (truth[row] ?? 0);
    [x, y, 1].forEach((value, index) => {
      gradient[index] = (gradient[index] ?? 0) + residual * value;
    });
  });
  expect(Math.hypot(...gradient)).toBeLessThan(0.05);
});

test('heads come out of their bytes as they went in', () => {
  const heads = {
    width: 2,
    dimensions: 3,
    weights: Float32Array.of(1, -2, 3.5, 0, 1e-8, 7),
    bias: Float32Array.of(-1, 2),
  };
  const bytes = serializeLinearHeads(heads);
  expect(parseLinearHeads(bytes, 2, 3)).toEqual(heads);
  expect(parseLinearHeads(bytes, 3, 3)).toBeUndefined();
  expect(logitsOf(heads, Float32Array.of(1, 1, 2))).toEqual(Float32Array.of(1 - 2 + 7 - 1, 0 + 1e-8 + 14 + 2));
});

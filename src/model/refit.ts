import type { Labels } from '../domain/labelled-text.ts';
import { polarities } from '../domain/labels.ts';
import type { Calibration } from './calibration.ts';
import { columnsOf, type LabelMap } from './label-map.ts';
import type { LinearHeads } from './linear-heads.ts';
import { denseRows, fitLogistic } from './logistic-regression.ts';

/** A sentence vector with the labels a person gave to its text. */
export interface LabelledVector {
  readonly vector: Float32Array;
  readonly labels: Labels;
}

/** What is fitted anew. */
export interface RefitBase {
  readonly labels: LabelMap;
  readonly heads: LinearHeads;
  readonly calibration: Calibration;
}

/** Some columns that are fitted together, and what is true of them in each row that was labelled for them. */
interface Problem {
  readonly first: number;
  readonly columns: number;
  readonly temperature: number;
  readonly rows: readonly { readonly index: number; readonly truth: number }[];
}

/** Enough from a good start; what is left to gain is far below what a label turns on. */
const iterations = 25;

/**
 * Fits the heads to labelled vectors, drawn to the heads there are: logistic regression with a Gaussian prior whose mean
 * is the given weights (C. Chelba and A. Acero 2004, "Adaptation of Maximum Entropy Capitalizer: Little Data Can Help a
 * Lot"). Features are brought to unit variance first. Columns of which no row tells anything stay as they are.
 *
 * @param penalty how strongly weights are drawn to the old ones: the precision of the prior
 */
export function refitHeads(base: RefitBase, rows: readonly LabelledVector[], penalty: number): LinearHeads {
  const { dimensions, width } = base.heads;
  const scale = scaleOf(rows, dimensions);
  const vectors = rows.map(({ vector }) =>
    Float64Array.from(
      vector,
      (value, index) => (value - (scale.mean[index] as number)) / (scale.deviation[index] as number),
    ),
  );
  const heads = { width, dimensions, weights: base.heads.weights.slice(), bias: base.heads.bias.slice() };
  for (const problem of problemsOf(base, rows)) {
    if (problem.rows.length === 0) continue;
    const fitted = fitLogistic({
      rows: denseRows(problem.rows.flatMap(({ index }) => vectors[index] ?? [])),
      columns: problem.columns,
      truth: problem.rows.map(({ truth }) => truth),
      prior: scaledPrior(base.heads, problem, scale),
      penalty,
      biasPenalty: penalty / 10,
      iterations,
    });
    writeColumns(heads, problem, fitted, scale);
  }
  return heads;
}

/** Heads that say nothing, for an encoder that has none yet. */
export function blankHeads(width: number, dimensions: number): LinearHeads {
  return { width, dimensions, weights: new Float32Array(width * dimensions), bias: new Float32Array(width) };
}

function problemsOf({ labels: { heads }, calibration }: RefitBase, rows: readonly LabelledVector[]): Problem[] {
  const temperatureOf = (name: keyof LabelMap['heads']) => calibration.temperatures[name] ?? 1;
  const problems: Problem[] = [];
  for (const { name, first, columns } of columnsOf(heads)) {
    const temperature = temperatureOf(name);
    if (name === 'sentiment' || name === 'emotion') {
      const ids: readonly (string | null)[] = heads[name]?.labels ?? [];
      problems.push({ first, columns, temperature, rows: truths(rows, ({ [name]: label }) => indexIn(ids, label)) });
    } else if (name === 'polarities') {
      const signs: readonly (string | null)[] = heads.polarities?.labels ?? polarities;
      for (const [group, id] of (heads.topics?.labels ?? []).entries()) {
        const truthOf = ({ topics }: Labels) => indexIn(signs, topics?.find((topic) => topic.id === id)?.polarity);
        problems.push({
          first: first + group * signs.length,
          columns: signs.length,
          temperature,
          rows: truths(rows, truthOf),
        });
      }
    } else {
      const ids: readonly string[] = heads[name]?.labels ?? [];
      for (const [column, id] of ids.entries()) {
        const truthOf = (labels: Labels) => {
          const given: readonly string[] | undefined =
            name === 'topics' ? labels.topics?.map((topic) => topic.id) : labels[name];
          return given === undefined ? undefined : Number(given.includes(id));
        };
        problems.push({ first: first + column, columns: 1, temperature, rows: truths(rows, truthOf) });
      }
    }
  }
  return problems;
}

function truths(rows: readonly LabelledVector[], truthOf: (labels: Labels) => number | undefined): Problem['rows'] {
  return rows.flatMap(({ labels }, index) => {
    const truth = truthOf(labels);
    return truth === undefined ? [] : [{ index, truth }];
  });
}

function indexIn(ids: readonly (string | null)[], label: string | undefined): number | undefined {
  const index = label === undefined ? -1 : ids.indexOf(label);
  return index < 0 ? undefined : index;
}

interface Scale {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

function scaleOf(rows: readonly LabelledVector[], dimensions: number): Scale {
  const mean = new Float64Array(dimensions);
  const square = new Float64Array(dimensions);
  for (const { vector } of rows) {
    for (let index = 0; index < dimensions; index++) {
      const value = vector[index] as number;
      mean[index] = (mean[index] as number) + value / rows.length;
      square[index] = (square[index] as number) + value ** 2 / rows.length;
    }
  }
  const deviation = square.map((value, index) => Math.sqrt(Math.max(1e-8, value - (mean[index] as number) ** 2)));
  return { mean, deviation };
}

/** The old weights as they are for scaled features and calibrated logits. */
function scaledPrior({ weights, bias, dimensions }: LinearHeads, problem: Problem, { mean, deviation }: Scale) {
  const stride = dimensions + 1;
  const prior = new Float64Array(problem.columns * stride);
  for (let column = 0; column < problem.columns; column++) {
    const row = problem.first + column;
    let shifted = bias[row] as number;
    for (let index = 0; index < dimensions; index++) {
      const weight = weights[row * dimensions + index] as number;
      prior[column * stride + index] = (weight * (deviation[index] as number)) / problem.temperature;
      shifted += weight * (mean[index] as number);
    }
    prior[column * stride + dimensions] = shifted / problem.temperature;
  }
  return prior;
}

function writeColumns(
  { weights, bias, dimensions }: LinearHeads,
  problem: Problem,
  fitted: Float64Array,
  { mean, deviation }: Scale,
): void {
  const stride = dimensions + 1;
  for (let column = 0; column < problem.columns; column++) {
    const row = problem.first + column;
    let shifted = (fitted[column * stride + dimensions] as number) * problem.temperature;
    for (let index = 0; index < dimensions; index++) {
      const scaled = fitted[column * stride + index] as number;
      const weight = (scaled / (deviation[index] as number)) * problem.temperature;
      weights[row * dimensions + index] = weight;
      shifted -= weight * (mean[index] as number);
    }
    bias[row] = shifted;
  }
}

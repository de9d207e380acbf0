import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** A linear model of log odds. */
export interface LogisticModel {
  readonly intercept: number;
  /** One for each feature. */
  readonly weights: readonly number[];
}

/** What to learn from: as many features in each row, and whether it happened. */
export interface LogisticRow {
  readonly features: readonly number[];
  readonly happened: boolean;
}

/** Probability for log odds. */
export function probabilityOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** Log odds that a model gives to features. */
export function logOddsOf({ intercept, weights }: LogisticModel, features: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * (features[at] ?? 0), intercept);
}

const mostSteps = 50;
const enough = 1e-8;
const smallestPart = 2 ** -30;

/**
 * Logistic regression with a ridge penalty on the weights (not on the intercept), by Newton's steps, each shortened until
 * it raises the likelihood.
 *
 * @param penalty strength of the penalty; the weights are those of features as they are, so bring them to like scales
 * @throws RangeError without rows
 *
 * Source: S. le Cessie, J. C. van Houwelingen, "Ridge estimators in logistic regression", Applied Statistics 41 (1992).
 */
export function fitLogistic(rows: readonly LogisticRow[], penalty: number): LogisticModel {
  const width = rows[0]?.features.length;
  if (width === undefined) throw new RangeError('nothing to learn from');
  const happened = rows.filter((row) => row.happened).length;
  // The intercept comes first. Half a case on each side keeps it finite where all or none happened.
  let solution = [Math.log((happened + 0.5) / (rows.length - happened + 0.5)), ...new Array<number>(width).fill(0)];
  for (let step = 0; step < mostSteps; step++) {
    const change = newtonStep(rows, solution, penalty);
    const next = uphill(rows, solution, change, penalty);
    const moved = Math.max(...next.map((value, at) => Math.abs(value - (solution[at] ?? 0))));
    solution = next;
    if (moved < enough) break;
  }
  const [intercept = 0, ...weights] = solution;
  return { intercept, weights };
}

/**
 * As much of a step as raises the likelihood: a whole one can jump over the top where a feature is rare and tells
 * much, and then jumps to and fro.
 *
 * Source: S. Boyd, L. Vandenberghe, "Convex Optimization" (2004), 9.2, with halving.
 */
function uphill(
  rows: readonly LogisticRow[],
  solution: readonly number[],
  change: readonly number[],
  penalty: number,
): number[] {
  const before = likelihood(rows, solution, penalty);
  for (let part = 1; part > smallestPart; part /= 2) {
    const next = solution.map((value, at) => value + part * (change[at] ?? 0));
    if (likelihood(rows, next, penalty) >= before) return next;
  }
  return [...solution];
}

/** Log likelihood less the penalty. */
function likelihood(rows: readonly LogisticRow[], solution: readonly number[], penalty: number): number {
  const [intercept = 0, ...weights] = solution;
  let sum = (-penalty / 2) * weights.reduce((squares, weight) => squares + weight ** 2, 0);
  for (const { features, happened } of rows) {
    const logOdds = logOddsOf({ intercept, weights }, features);
    const wrong = happened ? -logOdds : logOdds;
    sum -= Math.max(0, wrong) + Math.log1p(Math.exp(-Math.abs(wrong)));
  }
  return sum;
}

function newtonStep(rows: readonly LogisticRow[], solution: readonly number[], penalty: number): number[] {
  const size = solution.length;
  const [intercept = 0, ...weights] = solution;
  const gradient = solution.map((value, at) => (at === 0 ? 0 : -penalty * value));
  const curvature = Array.from({ length: size }, (_, at) =>
    Array.from({ length: size }, (_, other) => (at === other ? (at === 0 ? 1e-9 : penalty + 1e-9) : 0)),
  );
  for (const { features, happened } of rows) {
    const probability = probabilityOf(logOddsOf({ intercept, weights }, features));
    const vector = [1, ...features];
    const spread = probability * (1 - probability);
    vector.forEach((value, at) => {
      gradient[at] = (gradient[at] ?? 0) + ((happened ? 1 : 0) - probability) * value;
      const line = curvature[at] ?? [];
      vector.forEach((other, column) => {
        line[column] = (line[column] ?? 0) + spread * (value * other);
      });
    });
  }
  return new CholeskyDecomposition(new Matrix(curvature)).solve(Matrix.columnVector(gradient)).to1DArray();
}

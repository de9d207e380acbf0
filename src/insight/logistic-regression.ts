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

/**
 * Logistic regression with a ridge penalty on the weights (not on the intercept), by Newton's steps.
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
    solution = solution.map((value, at) => value + (change[at] ?? 0));
    if (Math.max(...change.map(Math.abs)) < enough) break;
  }
  const [intercept = 0, ...weights] = solution;
  return { intercept, weights };
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
  const step = new CholeskyDecomposition(new Matrix(curvature)).solve(Matrix.columnVector(gradient)).to1DArray();
  // A step longer than this leaves the region in which the curvature holds.
  const longest = Math.max(1, ...step.map((value) => Math.abs(value) / 5));
  return step.map((value) => value / longest);
}

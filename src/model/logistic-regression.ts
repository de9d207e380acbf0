import { minimumOf } from './minimum.ts';

/** Rows of features, however they are kept. */
export interface FeatureRows {
  readonly count: number;
  readonly dimensions: number;
  /** Product of a row with the weights from `offset` on. */
  dot(row: number, weights: Float64Array, offset: number): number;
  /** Adds a multiple of a row to `target` from `offset` on. */
  addTo(row: number, target: Float64Array, offset: number, factor: number): void;
}

/** Rows that are vectors of equal length. */
export function denseRows(vectors: readonly Float64Array[]): FeatureRows {
  const dimensions = vectors[0]?.length ?? 0;
  return {
    count: vectors.length,
    dimensions,
    dot(row, weights, offset) {
      const vector = vectors[row] as Float64Array;
      let sum = 0;
      for (let index = 0; index < dimensions; index++) {
        sum += (vector[index] as number) * (weights[offset + index] as number);
      }
      return sum;
    },
    addTo(row, target, offset, factor) {
      const vector = vectors[row] as Float64Array;
      for (let index = 0; index < dimensions; index++) {
        target[offset + index] = (target[offset + index] as number) + factor * (vector[index] as number);
      }
    },
  };
}

/** What to fit. */
export interface LogisticProblem {
  readonly rows: FeatureRows;
  /** Columns of which one is true each row (softmax), or a single one that is true or not (sigmoid). */
  readonly columns: number;
  /** Per row the true column, or for a single column 1 or 0. */
  readonly truth: readonly number[];
  /** Weight of a row's loss; 1 where absent. */
  readonly rowWeights?: readonly number[];
  /** Where the weights are drawn to: per column its weights and then its bias. Zero where absent. */
  readonly prior?: Float64Array;
  /** Half of it times the squared distance from the prior is added to the loss; the biases have their own. */
  readonly penalty: number;
  readonly biasPenalty: number;
  readonly iterations?: number;
}

/**
 * Fits a logistic regression with a Gaussian prior: the weights with the highest posterior probability.
 *
 * @returns per column its weights and then its bias
 */
export function fitLogistic(problem: LogisticProblem): Float64Array {
  const { rows, columns, truth, rowWeights, penalty, biasPenalty, iterations = 100 } = problem;
  const stride = rows.dimensions + 1;
  const prior = problem.prior ?? new Float64Array(columns * stride);
  const logits = new Float64Array(columns);

  return minimumOf(loss, prior, { iterations, tolerance: 1e-6 });

  function loss(weights: Float64Array, gradient: Float64Array): number {
    let total = 0;
    for (let index = 0; index < weights.length; index++) {
      const strength = index % stride === rows.dimensions ? biasPenalty : penalty;
      const distance = (weights[index] as number) - (prior[index] as number);
      total += (strength / 2) * distance ** 2;
      gradient[index] = strength * distance;
    }
    for (let row = 0; row < rows.count; row++) {
      const weight = rowWeights?.[row] ?? 1;
      for (let column = 0; column < columns; column++) {
        const offset = column * stride;
        logits[column] = rows.dot(row, weights, offset) + (weights[offset + rows.dimensions] as number);
      }
      total += weight * (columns === 1 ? sigmoidResidual(truth[row] === 1) : softmaxResidual(truth[row] ?? 0));
      for (let column = 0; column < columns; column++) {
        const residual = weight * (logits[column] as number);
        const offset = column * stride;
        rows.addTo(row, gradient, offset, residual);
        gradient[offset + rows.dimensions] = (gradient[offset + rows.dimensions] as number) + residual;
      }
    }
    return total;
  }

  /** Turns the logit into probability minus truth, and returns the loss. */
  function sigmoidResidual(isTrue: boolean): number {
    const logit = logits[0] as number;
    logits[0] = 1 / (1 + Math.exp(-logit)) - (isTrue ? 1 : 0);
    const margin = isTrue ? logit : -logit;
    return margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
  }

  /** Turns the logits into probabilities minus truth, and returns the loss. */
  function softmaxResidual(right: number): number {
    const highest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - highest), 0);
    const negativeLog = highest + Math.log(sum) - (logits[right] as number);
    for (let column = 0; column < columns; column++) {
      logits[column] = Math.exp((logits[column] as number) - highest) / sum - (column === right ? 1 : 0);
    }
    return negativeLog;
  }
}

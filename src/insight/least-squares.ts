import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** Observations that are alike: their features by column, their value, and how many there are. */
export interface WeightedRow {
  /** Columns that are not 0, each once. */
  readonly features: readonly (readonly [column: number, value: number])[];
  readonly value: number;
  readonly weight: number;
}

/** Sums from which a regression on any of the columns can be solved; the last column is the intercept. */
export interface NormalEquations {
  /** Weighted products of columns, [width + 1][width + 1]. */
  readonly products: readonly Float64Array[];
  /** Weighted products of each column with the value. */
  readonly values: Float64Array;
  readonly weight: number;
  /** Weighted sum of squares of the value around its mean. */
  readonly variation: number;
}

/** Added to the diagonal, in observations: keeps columns that say the same solvable, and moves nothing else. */
const ridge = 1e-3;

/** Sums up rows for {@link solve}. */
export function normalEquations(rows: readonly WeightedRow[], width: number): NormalEquations {
  const products = Array.from({ length: width + 1 }, () => new Float64Array(width + 1));
  const values = new Float64Array(width + 1);
  let weight = 0;
  let squares = 0;
  for (const row of rows) {
    if (row.weight === 0) continue;
    const features = [...row.features, [width, 1] as const];
    for (const [one, a] of features) {
      const line = products[one];
      if (line === undefined) throw new RangeError(`column ${one} of ${width}`);
      for (const [other, b] of features) line[other] = (line[other] ?? 0) + row.weight * a * b;
      values[one] = (values[one] ?? 0) + row.weight * a * row.value;
    }
    weight += row.weight;
    squares += row.weight * row.value ** 2;
  }
  const sum = values[width] ?? 0;
  return { products, values, weight, variation: weight === 0 ? 0 : squares - sum ** 2 / weight };
}

/** Coefficients of some columns, in their order, with an intercept that is not returned. */
export function solve({ products, values }: NormalEquations, columns: readonly number[]): number[] {
  const intercept = products.length - 1;
  const used = [...columns, intercept];
  const left = new Matrix(
    used.map((one) => used.map((other) => (products[one]?.[other] ?? 0) + (one === other ? ridge : 0))),
  );
  const right = Matrix.columnVector(used.map((column) => values[column] ?? 0));
  const solution = new CholeskyDecomposition(left).solve(right).to1DArray();
  return solution.slice(0, columns.length);
}

/** Coefficients of a weighted least-squares regression with intercept, one for each of `width` columns. */
export function leastSquares(rows: readonly WeightedRow[], width: number): number[] {
  return solve(
    normalEquations(rows, width),
    Array.from({ length: width }, (_, column) => column),
  );
}

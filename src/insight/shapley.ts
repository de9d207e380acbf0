import { type NormalEquations, normalEquations, solve, type WeightedRow } from './least-squares.ts';
import { seededRandom } from './seeded-random.ts';

/** Orders in which columns enter; each gives every column one chance at each place. */
const orders = 200;

/**
 * How much of the variance of the value each column explains: its mean gain when columns enter a regression one after
 * another, over random orders. The shares add up to what all explain together.
 *
 * @returns shares from 0 to 1 of the whole variance, one for each column
 *
 * Source: L. S. Shapley's value of the coefficient of determination; U. Grömping, "Estimators of relative importance
 * in linear regression", The American Statistician 61 (2007).
 */
export function shapleyShares(
  rows: readonly WeightedRow[],
  width: number,
  seed: number,
): { readonly shares: number[]; readonly explained: number } {
  const equations = normalEquations(rows, width);
  const columns = Array.from({ length: width }, (_, column) => column);
  const gains = columns.map(() => 0);
  const random = seededRandom(seed);
  const known = new Map<string, number>();
  const explainedBy = (used: readonly number[]) => {
    const key = [...used].sort((one, other) => one - other).join();
    const found = known.get(key) ?? explainedShare(equations, used);
    known.set(key, found);
    return found;
  };
  for (let round = 0; round < orders; round++) {
    const order = shuffled(columns, random);
    let before = 0;
    for (let length = 1; length <= width; length++) {
      const after = explainedBy(order.slice(0, length));
      const entering = order[length - 1] ?? 0;
      gains[entering] = (gains[entering] ?? 0) + after - before;
      before = after;
    }
  }
  return { shares: gains.map((gain) => Math.max(0, gain / orders)), explained: explainedBy(columns) };
}

/** Coefficient of determination of a regression on some columns. */
function explainedShare(equations: NormalEquations, columns: readonly number[]): number {
  if (equations.variation <= 0 || columns.length === 0) return 0;
  const { products, values, weight, variation } = equations;
  const intercept = products.length - 1;
  const mean = (values[intercept] ?? 0) / weight;
  const explained = solve(equations, columns).reduce((sum, coefficient, at) => {
    const column = columns[at] ?? 0;
    return sum + coefficient * ((values[column] ?? 0) - mean * (products[column]?.[intercept] ?? 0));
  }, 0);
  return Math.min(1, Math.max(0, explained / variation));
}

/** Fisher and Yates' shuffle. */
function shuffled(items: readonly number[], random: () => number): number[] {
  const order = [...items];
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
  return order;
}

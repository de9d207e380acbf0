/**
 * Adjusted p-values (q-values): calling everything with q ≤ 0.05 a discovery keeps the expected share of false ones
 * at 5 %, however many were tested together.
 *
 * @param pValues each from 0 to 1
 * @returns as many, in the same order
 *
 * Source: Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995).
 */
export function adjustedPValues(pValues: readonly number[]): number[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((one, other) => other.p - one.p);
  const adjusted = new Array<number>(pValues.length);
  let smallest = 1;
  order.forEach(({ p, index }, place) => {
    smallest = Math.min(smallest, (p * pValues.length) / (pValues.length - place));
    adjusted[index] = smallest;
  });
  return adjusted;
}

/** A number with four decimals: enough for any reader, and records stay small and equal on every machine. */
export function rounded(value: number): number {
  // Adding zero turns -0 into 0.
  return Math.round(value * 10_000) / 10_000 + 0;
}

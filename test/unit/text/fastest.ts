/**
 * What no junk input may take, in milliseconds: far above what it takes (bench/README.md has the figures) and far below
 * what a superlinear rule takes.
 */
export const blockingMs = 500;

/** Milliseconds of the fastest of several runs: what the code takes when nothing else disturbs the machine. */
export function fastest(run: () => unknown, rounds = 3): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Milliseconds of the fastest of several runs: what the code takes when nothing else disturbs the machine. */
export function fastest(run: () => unknown, rounds = 10): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

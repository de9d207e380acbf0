/** Numbers from 0 up to but not including 1, the same ones for the same seed. Mulberry32, T. Ettinger (2017). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A Poisson number with this mean, drawn from uniform ones. D. E. Knuth, "The Art of Computer Programming" 2, 3.4.1;
 * a large mean is drawn in parts.
 */
export function poissonNumber(mean: number, random: () => number): number {
  if (mean > 30) return poissonNumber(mean / 2, random) + poissonNumber(mean / 2, random);
  const limit = Math.exp(-mean);
  let drawn = 0;
  for (let product = random(); product > limit; product *= random()) drawn++;
  return drawn;
}

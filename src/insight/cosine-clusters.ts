/** A group of vectors by their places in the list they came in. */
export interface Cluster {
  /** The one with the most neighbours: all others are within reach of it. */
  readonly centre: number;
  /** The centre first, then by similarity to it. */
  readonly members: readonly number[];
}

/** What makes a cluster. */
export interface ClusterLimits {
  /** Smallest cosine of a member and the centre, both less the mean of all vectors and the background. */
  readonly similarity: number;
  /** Fewest members. */
  readonly size: number;
}

/**
 * Greedy clusters of vectors of equal length: the vector with the most neighbours among those that are left makes a
 * cluster with them, until none has enough. The mean of all vectors is taken away first: sentence vectors of one encoder
 * share most of their direction, which would make everything similar. Equal numbers of neighbours: the first in the list.
 *
 * @param background vectors that make no cluster, for a mean that does not turn on what a few vectors are about
 *
 * Takes time in proportion to the square of the number of vectors: 2,000 of length 384 about a second.
 *
 * Source: the neighbourhoods of "community detection" in N. Reimers, I. Gurevych, "Sentence-BERT" (2019), its library;
 * the mean after J. Mu, P. Viswanath, "All-but-the-Top" (2018).
 */
export function cosineClusters(
  vectors: readonly Float32Array[],
  { similarity, size }: ClusterLimits,
  background: readonly Float32Array[] = [],
): Cluster[] {
  const units = centred(vectors, meanOf([...vectors, ...background]));
  const neighbours = units.map((): { readonly at: number; readonly cosine: number }[] => []);
  for (const [at, unit] of units.entries()) {
    for (let other = 0; other < at; other++) {
      const cosine = dot(unit, units[other]);
      if (cosine < similarity) continue;
      neighbours[at]?.push({ at: other, cosine });
      neighbours[other]?.push({ at, cosine });
    }
  }
  const left = new Set(units.keys());
  const clusters: Cluster[] = [];
  for (;;) {
    let best: Cluster | undefined;
    for (const centre of left) {
      const near = (neighbours[centre] ?? []).filter(({ at }) => left.has(at));
      if (near.length + 1 < Math.max(size, (best?.members.length ?? 0) + 1)) continue;
      near.sort((one, other) => other.cosine - one.cosine || one.at - other.at);
      best = { centre, members: [centre, ...near.map(({ at }) => at)] };
    }
    if (best === undefined) return clusters;
    clusters.push(best);
    for (const member of best.members) left.delete(member);
  }
}

function meanOf(vectors: readonly Float32Array[]): Float64Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (const [at, value] of vector.entries()) sum[at] = (sum[at] ?? 0) + value;
  return sum.map((value) => value / vectors.length);
}

/** Vectors of length 1 around a mean; one that is the mean itself is near nothing. */
function centred(vectors: readonly Float32Array[], mean: Float64Array): Float64Array[] {
  return vectors.map((vector) => {
    const moved = Float64Array.from(vector, (value, at) => value - (mean[at] ?? 0));
    const length = Math.hypot(...moved);
    return moved.map((value) => (length < 1e-9 ? 0 : value / length));
  });
}

function dot(one: Float64Array, other: Float64Array | undefined): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] as number) * (other?.[at] ?? 0);
  return sum;
}

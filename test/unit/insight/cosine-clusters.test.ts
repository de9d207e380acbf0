import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cosineClusters } from '../../../src/insight/cosine-clusters.ts';

const limits = { similarity: 0.8, size: 2 };
const vector = fc
  .array(fc.integer({ min: -5, max: 5 }), { minLength: 4, maxLength: 4 })
  .map((each) => Float32Array.from(each));

/** Cosine around the mean of all, computed another way. */
function cosine(vectors: readonly Float32Array[], one: number, other: number): number {
  const mean = [0, 1, 2, 3].map((at) => vectors.reduce((sum, each) => sum + (each[at] ?? 0), 0) / vectors.length);
  const [a, b] = [one, other].map((index) => mean.map((value, at) => (vectors[index]?.[at] ?? 0) - value));
  const product = (x: number[] = [], y: number[] = []) => x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

test('clusters share nothing, hold enough, shrink, and every member is near its centre', () => {
  fc.assert(
    fc.property(fc.array(vector, { maxLength: 25 }), (vectors) => {
      const clusters = cosineClusters(vectors, limits);
      const members = clusters.flatMap((cluster) => cluster.members);
      expect(new Set(members).size).toBe(members.length);
      const sizes = clusters.map((cluster) => cluster.members.length);
      expect(sizes).toEqual([...sizes].sort((one, other) => other - one));
      for (const { centre, members: own } of clusters) {
        expect(own[0]).toBe(centre);
        expect(own.length).toBeGreaterThanOrEqual(limits.size);
        for (const member of own.slice(1))
          expect(cosine(vectors, centre, member)).toBeGreaterThan(limits.similarity - 1e-6);
      }
    }),
  );
});

test('nobody who is left has enough neighbours who are left', () => {
  fc.assert(
    fc.property(fc.array(vector, { maxLength: 20 }), (vectors) => {
      const taken = new Set(cosineClusters(vectors, limits).flatMap(({ members }) => members));
      const left = vectors.flatMap((_, at) => (taken.has(at) ? [] : [at]));
      for (const one of left) {
        const near = left.filter((other) => other !== one && cosine(vectors, one, other) > limits.similarity + 1e-6);
        expect(near.length + 1).toBeLessThan(limits.size);
      }
    }),
  );
});

test('what all vectors share makes nobody similar', () => {
  const shifted = [
    [100, 1, 0],
    [100, 1.1, 0],
    [100, 0, 1],
    [100, 0, 1.1],
    [100, -2, -2],
  ].map((each) => Float32Array.from(each));
  expect(cosineClusters(shifted, { similarity: 0.9, size: 2 }).map(({ members }) => [...members].sort())).toEqual([
    [0, 1],
    [2, 3],
  ]);
});

test('nothing makes no cluster', () => {
  expect(cosineClusters([], limits)).toEqual([]);
  expect(cosineClusters([Float32Array.of(1, 2, 3, 4)], limits)).toEqual([]);
});

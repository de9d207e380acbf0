import type { Estimate } from './difference.ts';

/**
 * Customers of a group as a sample that can be merged: the smallest hashes, ascending and distinct. Up to
 * {@link sampleSize} customers all are there; of more, a random choice that is the same in every group.
 */
export type CustomerSample = readonly number[];

/** Hashes kept at most: beyond as many customers the standard error of their number is 4.4 %. */
export const sampleSize = 512;

const range = 2 ** 32;

/**
 * Where a customer falls among all possible: a whole number from 0 up to but not including 2^32.
 *
 * Source: FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo), then the finaliser of MurmurHash3 (A. Appleby), without which
 * similar names fall close together.
 */
export function customerHash(customer: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < customer.length; at++) hash = Math.imul(hash ^ customer.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The sample of hashes in any order, with repetitions. */
export function sampleOf(hashes: Iterable<number>): CustomerSample {
  // Sorting numbers as such is many times faster than with a function that compares them.
  const sorted = new Uint32Array([...hashes]).sort();
  const sample: number[] = [];
  for (const hash of sorted) {
    if (hash === sample.at(-1)) continue;
    if (sample.length === sampleSize) break;
    sample.push(hash);
  }
  return sample;
}

/**
 * How many customers a sample stands for: exact below {@link sampleSize}, then (k − 1) / u for the k-th smallest hash u.
 *
 * Source: Z. Bar-Yossef et al., "Counting distinct elements in a data stream" (2002); the error is that of E. Cohen,
 * H. Kaplan, "Summarizing data using bottom-k sketches" (2007).
 */
export function countCustomers(sample: CustomerSample): Estimate {
  const share = sampledShare(sample);
  if (share === 1) return { value: sample.length, standardError: 0 };
  const value = (sample.length - 1) / share;
  return { value, standardError: value / Math.sqrt(sample.length - 2) };
}

/**
 * Sum of something over all customers that a sample stands for.
 *
 * Source: D. G. Horvitz, D. J. Thompson, JASA 47 (1952), with the share below the largest hash as the probability.
 */
export function sumOverCustomers(sample: CustomerSample, amountOf: (hash: number) => number): Estimate {
  const share = sampledShare(sample);
  const values = (share === 1 ? sample : sample.slice(0, -1)).map(amountOf);
  const sum = (parts: readonly number[]) => parts.reduce((total, part) => total + part, 0);
  const variance = sum(values.map((value) => value ** 2)) * ((1 - share) / share ** 2);
  return { value: sum(values) / share, standardError: Math.sqrt(variance) };
}

/** Probability that a customer is in the sample. */
function sampledShare(sample: CustomerSample): number {
  return sample.length < sampleSize ? 1 : (sample.at(-1) ?? 0) / range;
}

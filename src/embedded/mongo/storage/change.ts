import type { Doc } from '../bson/doc.ts';

/** A moment of the server's logical clock: seconds, and a count within the second. */
export interface Moment {
  readonly t: number;
  readonly i: number;
}

/** One change as change streams report it; the documents are the stored ones, which nobody alters. */
export interface Change extends Moment {
  readonly kind: 'insert' | 'update' | 'replace' | 'delete' | 'drop' | 'dropDatabase';
  readonly database: string;
  readonly collection: string;
  readonly id?: unknown;
  readonly before?: Doc;
  readonly after?: Doc;
}

/** Orders moments; negative, zero or positive. */
export function compareMoments(a: Moment, b: Moment): number {
  return a.t - b.t || a.i - b.i;
}

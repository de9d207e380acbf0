import type { Span } from '../domain/span.ts';

/**
 * What a sentence says of ending something: `cancel` ends a contract, membership or custom; `cancel-order` cancels or
 * changes one order or booking; `signal` only lets leaving be heard (I wonder whether to leave, how to leave is hard to
 * find); `none` tells of it without wanting it (a friend left, they cancelled on me, I will not leave).
 */
export interface Cancellation {
  readonly kind: 'cancel' | 'cancel-order' | 'signal' | 'none';
  readonly confidence: number;
  /** Range in the sentence. */
  readonly span: Span;
  /** Whether the words blame: 二度と行かない, 勝手に取り消された. */
  readonly blames: boolean;
}

/** All that a sentence says of it: what counts, and the ranges of every part. */
export interface Cancellations {
  readonly decisive: Cancellation;
  readonly parts: readonly Span[];
}

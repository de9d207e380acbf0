import type { Stance } from './feedback-counts.ts';

/** What severity is made of. */
export interface SeverityParts {
  /** Share of all feedback that takes the stance on the topic, from 0 to 1. */
  readonly reach: number;
  /** Share of the feedback about the topic that takes it, shrunk, from 0 to 1. */
  readonly depth: number;
  /** Mean sentiment of the feedback about the topic, from -1 to 1. */
  readonly sentiment: number;
}

/**
 * How much a stance on a topic weighs, from 0 to 100: 100 · √(reach · depth · strength), where strength is how bad the
 * feedback about it is for criticism, (1 − sentiment) / 2, how good for praise, (1 + sentiment) / 2, and 1 for requests.
 * 100 means that all feedback takes the stance, as strongly as can be.
 */
export function severityOf(stance: Stance, { reach, depth, sentiment }: SeverityParts): number {
  const strength = { criticism: (1 - sentiment) / 2, praise: (1 + sentiment) / 2, request: 1 }[stance];
  return 100 * Math.sqrt(reach * depth * strength);
}

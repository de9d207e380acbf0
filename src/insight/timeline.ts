import type { CustomerEventType } from '../domain/customer-event.ts';
import type { IntentId, Polarity, Sentiment } from '../domain/labels.ts';

/** One thing a customer did. */
export interface TimelineEvent {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly type: CustomerEventType;
  /** Money paid once. */
  readonly amount?: number;
  /** Recurring revenue a month from then on. */
  readonly mrr?: number;
  /** Times used. */
  readonly count?: number;
}

/** One thing a customer said. */
export interface TimelineFeedback {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly sentiment: Sentiment;
  /** From -1 to 1. */
  readonly score: number;
  readonly topics: readonly { readonly id: string; readonly polarity: Polarity }[];
  readonly intents: readonly IntentId[];
  /** Answer to the recommendation question, 0 to 10. */
  readonly recommendation?: number;
}

/** What one customer did and said, each in order of time. */
export interface Timeline {
  readonly customer: string;
  readonly events: readonly TimelineEvent[];
  readonly feedback: readonly TimelineFeedback[];
}

export const dayMs = 86_400_000;

/** When the customer left for good, or undefined: cancelled and neither signed up nor started a contract since. */
export function leftAt({ events }: Pick<Timeline, 'events'>): number | undefined {
  let left: number | undefined;
  for (const { type, at } of events) {
    if (type === 'cancelled') left ??= at;
    else if (type === 'contract-started' || type === 'signed-up' || type === 'renewed') left = undefined;
  }
  return left;
}

/** Recurring revenue a month at the end of a timeline; 0 for who has left or never had a contract. */
export function recurringRevenue(timeline: Pick<Timeline, 'events'>): number {
  if (leftAt(timeline) !== undefined) return 0;
  return timeline.events.reduce((current, { mrr }) => mrr ?? current, 0);
}

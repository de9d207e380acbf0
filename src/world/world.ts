import type { CustomerEvent } from '../domain/customer-event.ts';
import type { Feedback } from '../domain/feedback.ts';
import { feedbackOfDay, feedbackOfEarlierDay } from './everyday.ts';
import { factsOf, type WorldFacts, worldCustomers, worldDays, worldTenant } from './facts.ts';
import { happenings } from './happenings.ts';
import { openPhraseBook, type Phrase } from './phrase-book.ts';
import { eventsOf, followedDays, populate } from './population.ts';

/** How much of a world to make: all of it, or less of what is said on ordinary days. */
export const worldSizes = { full: 1, small: 0.25 } as const;
export type WorldSize = keyof typeof worldSizes;

/** What makes a world; the same makes the same world. */
export interface WorldSettings {
  readonly phrases: readonly Phrase[];
  readonly seed: number;
  /** When it ends, milliseconds since 1970; nothing comes at or after it. */
  readonly end: number;
  readonly size: WorldSize;
}

/** The fictional ほしくず商会 as its customers tell of it. */
export interface World {
  readonly facts: WorldFacts;
  /** In the order of time. */
  readonly feedback: readonly Feedback[];
  /** By customer, each in the order of time. */
  events(): Generator<CustomerEvent>;
}

/** Makes a world: 90 days of feedback with things to find in it, and 800 customers with what they did. */
export function makeWorld({ phrases, seed, end, size }: WorldSettings): World {
  const customers = populate(seed, worldCustomers, end);
  const settings = { seed, end, customers, book: openPhraseBook(phrases), share: worldSizes[size] };
  const feedback = [...happenings(settings)];
  for (let day = followedDays; day > worldDays; day--) feedback.push(...feedbackOfEarlierDay(day, settings));
  for (let day = worldDays; day >= 0; day--) feedback.push(...feedbackOfDay(day, settings));
  return {
    facts: factsOf(end),
    feedback: feedback
      .filter(({ occurredAt }) => Date.parse(occurredAt) < end)
      .sort((one, other) => (one.occurredAt < other.occurredAt ? -1 : one.occurredAt > other.occurredAt ? 1 : 0)),
    *events() {
      for (const customer of customers) yield* eventsOf(customer, worldTenant, seed, end);
    },
  };
}

import type { Feedback } from '../domain/feedback.ts';
import type { Channel } from '../domain/labels.ts';
import { deadLetter, drop, type Outcome, ok } from '../domain/outcome.ts';

const step = 'guard';
const oldest = Date.UTC(2000, 0, 1);
const futureMs = 24 * 60 * 60 * 1000;

/** What feedback is held against. */
export interface GuardOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Longest text, in UTF-16 code units. */
  readonly maxTextLength: number;
  /** The channel of the Kafka topic, where the feedback came through one. */
  readonly channel?: Channel | undefined;
}

/** Lets through what can be analysed: plausible time, text that is there and not too long, the customer's turn. */
export function guard(feedback: Feedback, options: GuardOptions): Outcome<Feedback> {
  if (options.channel !== undefined && feedback.channel !== options.channel) {
    const detail = `channel is ${feedback.channel}, but the topic carries ${options.channel}`;
    return deadLetter('KOE_CHANNEL_MISMATCH', detail, step);
  }
  const time = guardTime(feedback.occurredAt, options.now);
  if (time.kind !== 'ok') return time;
  if (feedback.conversation !== undefined && feedback.conversation.author !== 'customer') return drop('agent-turn');
  if (feedback.text.trim() === '') return deadLetter('KOE_TEXT_EMPTY', 'text is empty', step);
  if (feedback.text.length > options.maxTextLength) {
    const detail = `text has ${feedback.text.length} code units; at most ${options.maxTextLength} are accepted`;
    return deadLetter('KOE_TEXT_TOO_LONG', detail, step);
  }
  return ok(feedback);
}

/**
 * Lets through plausible times.
 *
 * @param occurredAt RFC 3339
 * @param now milliseconds since 1970
 */
export function guardTime(occurredAt: string, now: number): Outcome<undefined> {
  const time = Date.parse(occurredAt);
  if (time < oldest) return deadLetter('KOE_OCCURRED_AT_TOO_OLD', `occurredAt is ${occurredAt}`, step);
  if (time > now + futureMs) return deadLetter('KOE_OCCURRED_AT_IN_FUTURE', `occurredAt is ${occurredAt}`, step);
  return ok(undefined);
}

import type { Settings } from '../config/settings.ts';
import type { Feedback } from '../domain/feedback.ts';
import { andThen, deadLetter, type Outcome, ok } from '../domain/outcome.ts';
import { decode } from '../pipeline/decode.ts';
import { guard } from '../pipeline/guard.ts';
import { fieldName } from '../pipeline/issues.ts';
import type { Line } from './line-batches.ts';

/**
 * Reads one JSON line of raw feedback, or of a CloudEvent that holds it, exactly as a worker reads a message.
 *
 * @param ignored takes note of unknown fields, which are dropped
 */
export function readFeedbackLine(line: Line, settings: Settings, ignored: IgnoredFields): Outcome<Feedback> {
  const options = { maxMessageBytes: settings.KOE_MAX_MESSAGE_BYTES, strictFields: settings.KOE_STRICT_FIELDS };
  return andThen(decode({ value: line.bytes, headers: {} }, options), ({ feedback, ignoredFields }) => {
    ignored.add(ignoredFields);
    return ok(feedback);
  });
}

/** Different names that are shown; the rest is counted only. */
const mostNames = 10;

/** Unknown fields that were dropped: a misspelt name would go unnoticed otherwise. */
export class IgnoredFields {
  readonly #lines = new Map<string, number>();
  #more = 0;

  add(names: readonly string[]): void {
    for (const name of names) {
      const seen = this.#lines.get(name);
      if (seen === undefined && this.#lines.size === mostNames) this.#more++;
      else this.#lines.set(name, (seen ?? 0) + 1);
    }
  }

  /** One line that names them and how many lines held each, or nothing when there were none. */
  summary(): string {
    if (this.#lines.size === 0) return '';
    const names = [...this.#lines].map(([name, lines]) => `${fieldName([name])} (${lines})`);
    const more = this.#more > 0 ? ` and ${this.#more} more` : '';
    return `unknown fields were left out: ${names.join(', ')}${more}\n`;
  }
}

/** Makes feedback of a line that holds nothing but the customer's words. */
export function readTextLine(
  line: Line,
  defaults: Pick<Feedback, 'tenant' | 'channel'>,
  settings: Settings,
): Outcome<Feedback> {
  if (line.tooLong) {
    return deadLetter('KOE_MESSAGE_TOO_LARGE', `more than ${settings.KOE_MAX_MESSAGE_BYTES} bytes`, 'decode');
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(line.bytes);
    return ok({ ...defaults, id: `line-${line.number}`, occurredAt: new Date().toISOString(), text });
  } catch {
    return deadLetter('KOE_NOT_UTF8', 'the line is not valid UTF-8', 'decode');
  }
}

/** Holds feedback against the limits that a worker holds it against. */
export function guardFeedback(feedback: Feedback, settings: Settings): Outcome<Feedback> {
  return guard(feedback, { now: Date.now(), maxTextLength: settings.KOE_MAX_TEXT_LENGTH });
}

/** What is to be said of a line that was not taken, without repeating the customer's words. */
export function describeRefusal(line: Line, outcome: Exclude<Outcome<unknown>, { kind: 'ok' }>): string {
  const why = outcome.kind === 'drop' ? `left out (${outcome.reason})` : `${outcome.code}: ${outcome.detail}`;
  return `line ${line.number}: ${why}\n`;
}

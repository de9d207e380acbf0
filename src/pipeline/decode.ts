import { type Feedback, feedbackSchema, feedbackSchemaVersion } from '../domain/feedback.ts';
import type { ReceivedMessage } from '../domain/message.ts';
import { andThen, type Outcome, ok } from '../domain/outcome.ts';
import type { JsonObject } from './cloud-event.ts';
import { decodeObject } from './decode-object.ts';
import { readObject } from './read-object.ts';

/** How raw messages are read. */
export interface DecodeOptions {
  /** Larger values become dead letters unread; bytes. */
  readonly maxMessageBytes: number;
  /** Refuse unknown fields instead of dropping them. */
  readonly strictFields: boolean;
}

/** Feedback as it was read, with the names of fields that were dropped. */
export interface Decoded {
  readonly feedback: Feedback;
  readonly ignoredFields: readonly string[];
}

const kind = { schema: feedbackSchema, newestVersion: feedbackSchemaVersion, fieldsOf: () => feedbackSchema };

/** Bytes to validated feedback. */
export function decode(message: Pick<ReceivedMessage, 'value' | 'headers'>, options: DecodeOptions): Outcome<Decoded> {
  return andThen(decodeObject(message, options), (object) => readFeedback(object, options));
}

/** A JSON object to validated feedback. */
export function readFeedback(object: JsonObject, options: Pick<DecodeOptions, 'strictFields'>): Outcome<Decoded> {
  return andThen(readObject(object, kind, options), ({ value, ignoredFields }) =>
    ok({ feedback: value, ignoredFields }),
  );
}

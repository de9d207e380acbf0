import { type Feedback, feedbackSchema, feedbackSchemaVersion } from '../domain/feedback.ts';
import type { ReceivedMessage } from '../domain/message.ts';
import { deadLetter, drop, type Outcome, ok } from '../domain/outcome.ts';
import { unwrapFromRegistry } from '../domain/wire-format.ts';
import { type JsonObject, openEnvelope } from './cloud-event.ts';
import { describeIssues, fieldName } from './issues.ts';
import { unknownFields } from './unknown-fields.ts';

const step = 'decode';
const utf8 = new TextDecoder('utf-8', { fatal: true });

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

/** Bytes to validated feedback: size, prefix of a schema registry, UTF-8, JSON, CloudEvents 1.0, schema version, schema. */
export function decode(message: Pick<ReceivedMessage, 'value' | 'headers'>, options: DecodeOptions): Outcome<Decoded> {
  if (message.value === null) return drop('tombstone');
  if (message.value.length > options.maxMessageBytes) {
    const detail = `${message.value.length} bytes; at most ${options.maxMessageBytes} are accepted`;
    return deadLetter('KOE_MESSAGE_TOO_LARGE', detail, step);
  }
  const { value: bytes, schemaId } = unwrapFromRegistry(message.value);
  const format = schemaId === undefined ? '' : `; of a schema registry koe reads JSON only, this is schema ${schemaId}`;
  const text = decodeUtf8(bytes);
  if (text === undefined) return deadLetter('KOE_NOT_UTF8', `the value is not valid UTF-8${format}`, step);
  const value = parseObject(text);
  if (value.kind === 'dead-letter') return deadLetter(value.code, `${value.detail}${format}`, step);
  if (value.kind !== 'ok') return value;
  const opened = openEnvelope(value.value, message.headers);
  return opened.kind === 'ok' ? readFeedback(opened.value, options) : opened;
}

/** A JSON object to validated feedback. */
export function readFeedback(value: JsonObject, options: Pick<DecodeOptions, 'strictFields'>): Outcome<Decoded> {
  const version = value.schemaVersion;
  if (typeof version === 'number' && Number.isInteger(version) && version > feedbackSchemaVersion) {
    const detail = `schemaVersion ${version}; this koe reads up to ${feedbackSchemaVersion}`;
    return deadLetter('KOE_SCHEMA_VERSION', detail, step);
  }
  const parsed = feedbackSchema.safeParse(value);
  if (!parsed.success) {
    const { detail, missing } = describeIssues(parsed.error.issues, value);
    return deadLetter(missing ? 'KOE_FIELD_MISSING' : 'KOE_FIELD_INVALID', detail, step);
  }
  const ignoredFields = unknownFields(feedbackSchema, value);
  if (options.strictFields && ignoredFields.length > 0) {
    const names = ignoredFields.slice(0, 20).map((name) => fieldName([name]));
    return deadLetter('KOE_FIELD_INVALID', `unknown fields: ${names.join(', ')}`, step);
  }
  return ok({ feedback: parsed.data, ignoredFields });
}

/** One JSON text to an object. */
export function parseObject(text: string): Outcome<JsonObject> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return deadLetter('KOE_NOT_JSON', 'the value is not JSON', step);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return deadLetter('KOE_NOT_JSON', 'the value is JSON, but not an object', step);
  }
  return ok(value as JsonObject);
}

function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

import type { ReceivedMessage } from '../domain/message.ts';
import { deadLetter, drop, type Outcome, ok } from '../domain/outcome.ts';
import { unwrapFromRegistry } from '../domain/wire-format.ts';
import { type JsonObject, openEnvelope } from './cloud-event.ts';

const step = 'decode';
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bytes to a JSON object: size, prefix of a schema registry, UTF-8, JSON, CloudEvents 1.0. */
export function decodeObject(
  message: Pick<ReceivedMessage, 'value' | 'headers'>,
  { maxMessageBytes }: { readonly maxMessageBytes: number },
): Outcome<JsonObject> {
  if (message.value === null) return drop('tombstone');
  if (message.value.length > maxMessageBytes) {
    const detail = `${message.value.length} bytes; at most ${maxMessageBytes} are accepted`;
    return deadLetter('KOE_MESSAGE_TOO_LARGE', detail, step);
  }
  const { value: bytes, schemaId } = unwrapFromRegistry(message.value);
  const format = schemaId === undefined ? '' : `; of a schema registry koe reads JSON only, this is schema ${schemaId}`;
  const text = decodeUtf8(bytes);
  if (text === undefined) return deadLetter('KOE_NOT_UTF8', `the value is not valid UTF-8${format}`, step);
  const value = parseObject(text);
  if (value.kind === 'dead-letter') return deadLetter(value.code, `${value.detail}${format}`, step);
  if (value.kind !== 'ok') return value;
  return openEnvelope(value.value, message.headers);
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

import type { Headers } from '../domain/message.ts';
import { deadLetter, type Outcome, ok } from '../domain/outcome.ts';

/** A JSON object whose fields are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

const step = 'decode';
const required = ['id', 'source', 'specversion', 'type'] as const;

/**
 * Takes raw feedback out of a CloudEvents 1.0 envelope, in structured or binary content mode, or returns a value
 * without an envelope as it is. A missing `id` or `occurredAt` is taken from the event's `id` and `time`.
 *
 * Source: CloudEvents 1.0.2, Kafka protocol binding, section 3 (content modes and the `ce_` header prefix).
 */
export function openEnvelope(value: JsonObject, headers: Headers): Outcome<JsonObject> {
  const contentType = header(headers, 'content-type')?.toLowerCase() ?? '';
  if (contentType.startsWith('application/cloudevents-batch')) {
    return deadLetter('KOE_CLOUDEVENT_INVALID', 'batched CloudEvents; send one event per message', step);
  }
  if (contentType.startsWith('application/cloudevents')) return openStructured(value);
  if (header(headers, 'ce_specversion') !== undefined) {
    const attributes = Object.fromEntries(
      [...required, 'time'].map((name) => [name, header(headers, `ce_${name}`)] as const),
    );
    return open(attributes, value);
  }
  // Producers often forget the content type; an object with these two fields cannot be raw feedback.
  if ('specversion' in value && 'data' in value) return openStructured(value);
  return ok(value);
}

function openStructured(envelope: JsonObject): Outcome<JsonObject> {
  const data = envelope.data;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    const found = 'data_base64' in envelope ? 'data_base64' : 'no data';
    return deadLetter('KOE_CLOUDEVENT_INVALID', `${found}; the feedback must be a JSON object in data`, step);
  }
  return open(envelope, data as JsonObject);
}

function open(attributes: JsonObject, data: JsonObject): Outcome<JsonObject> {
  for (const name of required) {
    const value = attributes[name];
    if (typeof value !== 'string' || value === '') {
      return deadLetter('KOE_CLOUDEVENT_INVALID', `attribute ${name} is missing`, step);
    }
  }
  if (attributes.specversion !== '1.0') {
    return deadLetter('KOE_CLOUDEVENT_INVALID', 'specversion is not 1.0', step);
  }
  const defaults: Record<string, unknown> = { id: attributes.id };
  if (attributes.time !== undefined) defaults.occurredAt = attributes.time;
  return ok({ ...defaults, ...data });
}

function header(headers: Headers, name: string): string | undefined {
  return headers[name]?.[0]?.toString('utf8');
}

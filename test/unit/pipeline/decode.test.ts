import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { wrapForRegistry } from '../../../src/domain/wire-format.ts';
import { type Decoded, decode } from '../../../src/pipeline/decode.ts';
import { message, rawFeedback } from '../../support/messages.ts';

const options = { maxMessageBytes: 100_000, strictFields: false };

function refusal(outcome: Outcome<Decoded>): string {
  if (outcome.kind !== 'dead-letter') throw new Error(`expected a dead letter, not ${outcome.kind}`);
  return `${outcome.code} ${outcome.detail}`;
}

function feedback(outcome: Outcome<Decoded>) {
  if (outcome.kind !== 'ok') throw new Error(`expected feedback, not ${JSON.stringify(outcome)}`);
  return outcome.value.feedback;
}

describe('bytes', () => {
  test('a tombstone is unwanted, not bad', () => {
    expect(decode(message(null), options)).toEqual({ kind: 'drop', reason: 'tombstone' });
  });

  test.each([
    ['Shift_JIS', Buffer.from([0x7b, 0x22, 0x93, 0xfa, 0x96, 0x7b])],
    ['a cut character', Buffer.from('{"text":"声').subarray(0, -1)],
  ])('%s is not UTF-8', (_, bytes) => {
    expect(refusal(decode(message(bytes), options))).toMatch(/^KOE_NOT_UTF8/);
  });

  test.each(['', '{', 'text', '[]', 'null', '42', '"text"'])('%j is not a JSON object', (text) => {
    expect(refusal(decode(message(text), options))).toMatch(/^KOE_NOT_JSON/);
  });

  test('the prefix of a schema registry is taken off', () => {
    const wrapped = wrapForRegistry(JSON.stringify(rawFeedback({ id: 'wrapped' })), 0x01020304);
    expect([...wrapped.subarray(0, 6)]).toEqual([0, 1, 2, 3, 4, '{'.charCodeAt(0)]);
    expect(feedback(decode(message(wrapped), options)).id).toBe('wrapped');
  });

  test.each([
    ['Avro', Buffer.from([2, 0x80, 6]), 'KOE_NOT_UTF8 the value is not valid UTF-8; of a schema registry'],
    ['text', Buffer.from('\u0004ok'), 'KOE_NOT_JSON the value is not JSON; of a schema registry'],
    ['nothing', Buffer.alloc(0), 'KOE_NOT_JSON the value is not JSON; of a schema registry'],
  ])('%s behind the prefix of a schema registry is told apart', (_, value, told) => {
    expect(refusal(decode(message(wrapForRegistry(value, 7)), options))).toBe(
      `${told} koe reads JSON only, this is schema 7`,
    );
  });

  test.each([[[0]], [[0, 0, 0, 7]], [[0, 0x7b, 0x7d]]])('%j is too short for such a prefix', (bytes) => {
    expect(refusal(decode(message(Buffer.from(bytes)), options))).toBe('KOE_NOT_JSON the value is not JSON');
  });

  test('a message of 1 MB is refused before it is parsed', () => {
    const huge = message('x'.repeat(1_000_000));
    expect(refusal(decode(huge, options))).toBe('KOE_MESSAGE_TOO_LARGE 1000000 bytes; at most 100000 are accepted');
  });

  test('a byte-order mark is not part of the JSON', () => {
    const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(JSON.stringify(rawFeedback()))]);
    expect(feedback(decode(message(bytes), options)).id).toBe('review-1');
  });
});

describe('fields', () => {
  test('what is valid arrives unchanged', () => {
    const raw = rawFeedback({
      rating: { value: 2, min: 1, max: 5 },
      survey: { metric: 'nps', score: 3, min: 0, max: 10 },
      attributes: { product: 'kettle', returns: 2, member: true },
    });
    expect(feedback(decode(message(raw), options))).toEqual(raw);
  });

  test.each(['id', 'tenant', 'channel', 'occurredAt', 'text'])('a missing %s is named', (name) => {
    const raw = rawFeedback();
    delete raw[name];
    expect(refusal(decode(message(raw), options))).toBe(`KOE_FIELD_MISSING ${name}: required`);
  });

  test('all missing fields are named at once', () => {
    expect(refusal(decode(message({}), options))).toBe(
      'KOE_FIELD_MISSING id: required; tenant: required; channel: required; occurredAt: required; text: required',
    );
  });

  test.each([
    [{ text: 42 }, 'text'],
    [{ id: '' }, 'id'],
    [{ id: 'a\u0000b' }, 'id'],
    [{ id: 'a\ud83d' }, 'id'],
    [{ customerId: '\udc4d' }, 'customerId'],
    [{ tenant: 'a/b' }, 'tenant'],
    [{ channel: 'fax' }, 'channel'],
    [{ occurredAt: '2026-11-01' }, 'occurredAt'],
    [{ occurredAt: '2026-02-30T00:00:00Z' }, 'occurredAt'],
    [{ occurredAt: 1793491200 }, 'occurredAt'],
    [{ rating: { value: 9, min: 1, max: 5 } }, 'rating.value'],
    [{ rating: { value: 'five', min: 1, max: 5 } }, 'rating.value'],
    [{ survey: { metric: 'nps', score: 7 } }, 'survey.score'],
    [{ conversation: { id: 'c', author: 'robot' } }, 'conversation.author'],
    [{ attributes: { 'a.b': 'x' } }, 'attributes.a.b'],
    [{ attributes: { plan: { name: 'x' } } }, 'attributes.plan'],
    [{ revision: -1 }, 'revision'],
  ])('a wrong value is refused by its field: %j', (change, field) => {
    const said = refusal(decode(message(rawFeedback(change)), options));
    expect(said).toContain(`KOE_FIELD_INVALID ${field}: `);
  });

  test.each([
    [{ occurredAt: '2026-11-01 10:00' }, 'occurredAt: must be an RFC 3339 time with Z or an offset'],
    [{ attributes: { 'a.b': 'x' } }, 'attributes.a.b: the name must be a letter'],
    [{ attributes: { plan: { name: 'x' } } }, 'attributes.plan: must be text'],
  ])('says what is expected instead: %j', (change, expected) => {
    expect(refusal(decode(message(rawFeedback(change)), options))).toContain(expected);
  });

  test('an emoji in an id is no lone surrogate', () => {
    expect(feedback(decode(message(rawFeedback({ id: 'チケット/👍🏻' })), options)).id).toBe('チケット/👍🏻');
  });

  test('names of fields are cut and cannot steer a terminal', () => {
    const raw = rawFeedback({ attributes: { [`\u001b[2J${'k'.repeat(2000)}`]: 1 } });
    const said = refusal(decode(message(raw), options));
    expect(said).not.toContain('\u001b');
    expect(said.length).toBeLessThan(300);
  });

  test("the detail never repeats the customer's words", () => {
    const raw = rawFeedback({ channel: '電話番号は090-1234-5678', text: undefined });
    expect(refusal(decode(message(raw), options))).not.toContain('090');
  });

  test('unknown fields are dropped and named', () => {
    const raw = rawFeedback({ mood: 'bad', rating: { value: 1, min: 1, max: 5, colour: 'red' } });
    const outcome = decode(message(raw), options);
    expect(outcome).toMatchObject({ kind: 'ok', value: { ignoredFields: ['mood', 'rating.colour'] } });
    expect(feedback(outcome)).toEqual(rawFeedback({ rating: { value: 1, min: 1, max: 5 } }));
  });

  test('unknown fields are refused in strict mode', () => {
    const strict = decode(message(rawFeedback({ mood: 'bad' })), { ...options, strictFields: true });
    expect(refusal(strict)).toBe('KOE_FIELD_INVALID unknown fields: mood');
  });

  test('a schema version from the future is told apart from bad fields', () => {
    const said = refusal(decode(message({ schemaVersion: 2, newId: 'x' }), options));
    expect(said).toBe('KOE_SCHEMA_VERSION schemaVersion 2; this koe reads up to 1');
  });

  test('a field named __proto__ changes nothing', () => {
    const json = JSON.stringify(rawFeedback()).replace('{', '{"__proto__":{"tenant":"other"},');
    expect(feedback(decode(message(json), options)).tenant).toBe('shop');
  });
});

describe('CloudEvents 1.0', () => {
  const envelope = { specversion: '1.0', id: 'event-1', source: '/helpdesk', type: 'feedback.created' };
  const binary = Object.fromEntries(Object.entries(envelope).map(([name, value]) => [`ce_${name}`, value]));

  test.each([
    ['with its content type', { 'content-type': 'application/cloudevents+json; charset=utf-8' }],
    ['without it', {}],
  ])('structured mode %s', (_, headers) => {
    const event = { ...envelope, data: rawFeedback() };
    expect(feedback(decode(message(event, { headers }), options))).toEqual(rawFeedback());
  });

  test('binary mode', () => {
    expect(feedback(decode(message(rawFeedback(), { headers: binary }), options))).toEqual(rawFeedback());
  });

  test('id and time of the event stand in for missing fields, and never replace given ones', () => {
    const { id: _id, occurredAt: _time, ...raw } = rawFeedback();
    const time = '2026-11-01T01:00:00Z';
    const headers = { ...binary, ce_time: time };
    expect(feedback(decode(message(raw, { headers }), options))).toMatchObject({ id: 'event-1', occurredAt: time });
    expect(feedback(decode(message(rawFeedback(), { headers }), options)).id).toBe('review-1');
  });

  test.each([
    ['a missing attribute', { ...envelope, source: undefined, data: rawFeedback() }, 'attribute source is missing'],
    ['another version', { ...envelope, specversion: '0.3', data: rawFeedback() }, 'specversion is not 1.0'],
    ['data that is text', { ...envelope, data: 'hello' }, 'no data; the feedback must be a JSON object in data'],
  ])('%s is refused', (_, event, detail) => {
    const headers = { 'content-type': 'application/cloudevents+json' };
    expect(refusal(decode(message(event, { headers }), options))).toBe(`KOE_CLOUDEVENT_INVALID ${detail}`);
  });

  test('batches are refused', () => {
    const headers = { 'content-type': 'application/cloudevents-batch+json' };
    expect(refusal(decode(message('{}', { headers }), options))).toMatch(/^KOE_CLOUDEVENT_INVALID/);
  });
});

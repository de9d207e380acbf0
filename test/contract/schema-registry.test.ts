import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { feedbackSchema } from '../../src/domain/feedback.ts';
import { jsonSchemaOf } from '../../src/domain/json-schema.ts';
import { recordSchema } from '../../src/domain/record.ts';
import { createSchemaRegistry, type SchemaRegistry } from '../../src/kafka/schema-registry.ts';
import { startSchemaRegistry, type TestSchemaRegistry } from '../support/schema-registry.ts';
import { uniqueName } from '../support/unique-name.ts';

/** `KOE_TEST_SCHEMA_REGISTRY` names a running registry, empty of rules, to be asked instead of the test's own. */
const given = process.env.KOE_TEST_SCHEMA_REGISTRY;
const $schema = 'http://json-schema.org/draft-07/schema#';

describe('what koe asks of a registry', () => {
  let own: TestSchemaRegistry | undefined;
  let registry: SchemaRegistry;

  beforeAll(async () => {
    own = given === undefined ? await startSchemaRegistry() : undefined;
    registry = createSchemaRegistry({ url: own?.url ?? given ?? '' });
  });
  afterAll(() => own?.close());

  test('a schema gets an id, and keeps it', async () => {
    const subject = uniqueName('koe.feedback.enriched.v1-value');
    const schema = jsonSchemaOf(recordSchema, '7');
    const id = await registry.register(subject, schema);
    expect(Number.isInteger(id)).toBe(true);
    expect(await registry.register(subject, schema)).toBe(id);
  });

  test('another schema under the same subject gets another id', async () => {
    const subject = uniqueName('changed/subject');
    const closed = { $schema, type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false };
    const wider = { ...closed, properties: { ...closed.properties, b: { type: 'integer' } } };
    const first = await registry.register(subject, closed);
    const second = await registry.register(subject, wider);
    expect(second).not.toBe(first);
    expect(await registry.register(subject, closed)).toBe(first);
  });

  test('nobody has registered raw feedback: there is nothing to object to', async () => {
    const subject = uniqueName('koe.feedback.review.v1-value');
    expect(await registry.objections(subject, jsonSchemaOf(feedbackSchema, '7'))).toBeUndefined();
  });

  test('what a producer has registered word for word is no reason to object', async () => {
    const subject = uniqueName('koe.feedback.review.v1-value');
    const schema = jsonSchemaOf(feedbackSchema, '7');
    await registry.register(subject, schema);
    expect(await registry.objections(subject, schema)).toEqual([]);
  });
});

describe('what a registry may answer', () => {
  let server: TestSchemaRegistry;
  let registry: SchemaRegistry;
  const schema = { $schema, type: 'object', required: ['a'] };

  beforeAll(async () => {
    server = await startSchemaRegistry();
    registry = createSchemaRegistry({ url: `${server.url}/` });
  });
  afterAll(() => server.close());

  test('a schema that is there is only looked up: reading it needs no right to write', async () => {
    await registry.register('read-only', schema);
    const before = server.requests.length;
    await registry.register('read-only', schema);
    expect(server.requests.slice(before)).toEqual(['POST /subjects/read-only']);
  });

  test('an incompatible schema is refused, with what to do', async () => {
    await registry.register('narrowed', { $schema, type: 'object' });
    const refused = registry.register('narrowed', schema);
    await expect(refused).rejects.toMatchObject({ dependency: 'schema-registry', nature: 'permanent' });
    await expect(refused).rejects.toThrow(/not compatible .* compatibility of the subject .*409.*\$/);
    expect(await registry.objections('narrowed', schema)).toEqual([expect.stringContaining('$')]);
  });

  test.each([
    [500, { error_code: 50001, message: 'Error in the backend datastore' }, 'transient', 'backend datastore'],
    [503, '<html>', 'transient', '503'],
    [429, {}, 'transient', '429'],
    [401, { error_code: 401, message: 'Unauthorized' }, 'permanent', 'KOE_SCHEMA_REGISTRY_USERNAME'],
    [403, {}, 'permanent', 'may not'],
    [404, '<html>', 'permanent', 'KOE_SCHEMA_REGISTRY_URL is no registry'],
    [422, { error_code: 42201, message: 'Invalid schema' }, 'permanent', '42201: Invalid schema'],
    [200, { id: 'seven' }, 'permanent', 'without the id'],
    [200, '', 'permanent', 'without the id'],
  ] as const)('%i %j is %s', async (status, body, nature, message) => {
    server.failNext({ status, body });
    const answered = registry.register('any', schema);
    await expect(answered).rejects.toMatchObject({ dependency: 'schema-registry', nature });
    await expect(answered).rejects.toThrow(message);
  });

  test('user and password are sent, and nothing of them is in an error', async () => {
    const guarded = await startSchemaRegistry({ credentials: { username: 'koe', password: 'päss:word' } });
    const known = createSchemaRegistry({
      url: guarded.url,
      credentials: { username: 'koe', password: 'päss:word' },
    });
    expect(await known.register('guarded', schema)).toBe(1);
    const wrong = createSchemaRegistry({ url: guarded.url, credentials: { username: 'koe', password: 'guess' } });
    const error = await wrong.register('guarded', schema).catch((reason: unknown) => reason);
    expect(String(error)).not.toContain('guess');
    await guarded.close();
  });

  test('one that is not there, or never answers, may come back', async () => {
    const nowhere = createSchemaRegistry({ url: 'http://127.0.0.1:1' });
    await expect(nowhere.register('any', schema)).rejects.toMatchObject({ nature: 'transient' });
    const silent = createServer((request) => request.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const waiting = createSchemaRegistry({ url, timeoutMs: 100 }).register('any', schema);
    await expect(waiting).rejects.toMatchObject({ nature: 'transient' });
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiApp, startApiApp } from '../../../src/app/api-app.ts';
import { readSettings } from '../../../src/config/settings.ts';
import { createApiKey, revokeApiKey } from '../../../src/store/api-keys.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { createRecordStore } from '../../../src/store/records.ts';
import { refreshRollups } from '../../../src/store/rollups.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { enrichedRecord } from '../../support/records.ts';
import { silentLogger } from '../../support/silent-logger.ts';

let folder: string;
let mongo: TestMongo;
let database: Database;
let app: ApiApp;
const keys: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'koe-api-'));
  mongo = await startTestMongo();
  const name = `koe-test-${Math.random().toString(36).slice(2)}`;
  database = await openDatabase({ uri: mongo.uri, database: name });
  const settings = readSettings({
    MONGODB_URI: mongo.uri,
    KOE_MONGODB_DATABASE: name,
    KOE_PSEUDONYM_KEY: 'a key for the tests',
    KOE_DATA_DIR: folder,
    KOE_API_PORT: '0',
    KOE_API_MAX_BODY_BYTES: '100000',
    KOE_TOPIC_PARTITIONS: '1',
  });
  app = await startApiApp(settings, silentLogger);
  for (const [holder, tenant, role] of [
    ['reader', 'shop', 'reader'],
    ['analyst', 'shop', 'analyst'],
    ['admin', 'shop', 'admin'],
    ['stranger', 'other', 'admin'],
  ] as const) {
    keys[holder] = await createApiKey(database, { tenant, role, name: holder });
  }
  await createRecordStore(database).save([
    ...Array.from({ length: 5 }, (_, at) =>
      enrichedRecord({
        id: `f${at}`,
        tenant: 'shop',
        occurredAt: new Date(Date.now() - at * 60_000).toISOString(),
        conversation: { id: 'talk', author: 'customer' },
      }),
    ),
    enrichedRecord({ id: 'secret', tenant: 'other', occurredAt: new Date().toISOString() }),
  ]);
  while ((await refreshRollups(database, 50)) > 0);
}, 180_000);

afterAll(async () => {
  await app?.stop();
  await database?.drop();
  await database?.close();
  await mongo?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Given {
  readonly key?: string | undefined;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

async function ask(path: string, { key, method, body, headers = {} }: Given = {}) {
  const answer = await fetch(`${app.url}${path}`, {
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const type = answer.headers.get('content-type') ?? '';
  const isEndless = type.startsWith('text/event-stream');
  if (isEndless) await answer.body?.cancel();
  const text = isEndless ? '' : await answer.text();
  return {
    status: answer.status,
    type,
    headers: answer.headers,
    text,
    body: type.includes('json') && text !== '' ? JSON.parse(text) : undefined,
  };
}

const feedback = (id: string, given: object = {}) => ({
  id,
  channel: 'review',
  occurredAt: new Date().toISOString(),
  text: '電池がすぐ切れます。',
  ...given,
});

describe('who may ask', () => {
  test('nobody without a key', async () => {
    const { status, type, headers, body } = await ask('/v1/feedback');
    expect([status, type]).toEqual([401, expect.stringContaining('application/problem+json')]);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(body).toMatchObject({ type: 'about:blank', title: 'Unauthorized', status: 401 });
  });

  test.each(['koe_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'nonsense', `${'x'.repeat(5000)}`])(
    'nobody with a key that is none',
    async (key) => expect((await ask('/v1/feedback', { key })).status).toBe(401),
  );

  test('readers may not send', async () => {
    expect((await ask('/v1/feedback', { key: keys.reader, body: feedback('r') })).status).toBe(403);
  });

  test('a revoked key is none', async () => {
    const key = await createApiKey(database, { tenant: 'shop', role: 'reader', name: 'short-lived' });
    expect((await ask('/v1/feedback', { key })).status).toBe(200);
    expect(await revokeApiKey(database, key.split('_')[1] ?? '')).toBe(true);
    expect((await ask('/v1/feedback', { key })).status).toBe(401);
  });

  test('everybody sees what needs no key', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs/']) {
      expect([path, (await ask(path)).status]).toEqual([path, 200]);
    }
  });

  test('nothing of another tenant is found', async () => {
    expect((await ask('/v1/feedback/secret', { key: keys.reader })).status).toBe(404);
    expect((await ask('/v1/feedback/secret', { key: keys.stranger })).status).toBe(200);
    expect((await ask('/v1/feedback?q=.', { key: keys.stranger })).body.items).toEqual([]);
    expect((await ask('/v1/feedback', { key: keys.stranger })).body.items).toHaveLength(1);
  });
});

describe('feedback', () => {
  test('is listed page by page, without gaps or repeats', async () => {
    const ids: string[] = [];
    let cursor = '';
    for (let page = 0; page < 4; page++) {
      const { body } = await ask(`/v1/feedback?limit=2${cursor}`, { key: keys.reader });
      ids.push(...body.items.map(({ id }: { id: string }) => id));
      if (body.nextCursor === undefined) break;
      cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`;
    }
    expect(ids).toEqual(['f0', 'f1', 'f2', 'f3', 'f4']);
  });

  test('an unchanged answer is not sent twice', async () => {
    const { headers } = await ask('/v1/feedback/f1', { key: keys.reader });
    const again = await ask('/v1/feedback/f1', {
      key: keys.reader,
      headers: { 'if-none-match': headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });

  test.each([
    ['since=yesterday', 'query.since'],
    ['since=2026-02-30', 'query.since'],
    ['since=1d&until=2d', 'query.since'],
    ['tz=Mars', 'query.tz'],
    ['channel=fax', 'query.channel'],
    ['topic=weather', 'query.topic'],
    ['limit=0', 'query.limit'],
    ['attribute=region', 'query.attribute'],
    ['cursor=abc', 'query.cursor'],
  ])('%s is refused by name', async (query, field) => {
    const { status, body } = await ask(`/v1/feedback?${query}`, { key: keys.reader });
    expect([status, body.errors[0].field]).toEqual([400, field]);
    expect(body.detail).toContain(field);
  });
});

test('a conversation is summed up', async () => {
  const { status, body } = await ask('/v1/conversations/talk', { key: keys.reader });
  expect(status).toBe(200);
  expect(body).toMatchObject({ id: 'talk', counts: { customer: 5, agent: 0, bot: 0 } });
  expect(body.turns.map(({ id }: { id: string }) => id)).toEqual(['f4', 'f3', 'f2', 'f1', 'f0']);
});

describe('sending', () => {
  test('good pieces are taken though others are refused, each with its reason', async () => {
    const { status, body } = await ask('/v1/feedback', {
      key: keys.analyst,
      body: [feedback('new'), feedback('bad', { channel: 'fax' }), feedback('theirs', { tenant: 'other' })],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      accepted: 1,
      refused: 2,
      results: [
        { id: 'new', status: 'accepted' },
        { id: 'bad', status: 'refused', code: 'KOE_FIELD_INVALID', detail: expect.stringContaining('channel') },
        { id: 'theirs', status: 'refused', detail: expect.stringContaining('tenant') },
      ],
    });
  });

  test('events too', async () => {
    const event = { id: 'e', customerId: 'c', occurredAt: new Date().toISOString(), type: 'used', count: 3 };
    const { body } = await ask('/v1/events', { key: keys.analyst, body: [event, { ...event, type: 'lost' }] });
    expect(body).toMatchObject({ accepted: 1, refused: 1 });
  });

  test('the same request under the same key gets the same answer, another one is refused', async () => {
    const headers = { 'idempotency-key': 'k-1' };
    const piece = feedback('once');
    const first = await ask('/v1/feedback', { key: keys.analyst, body: piece, headers });
    expect(await ask('/v1/feedback', { key: keys.analyst, body: piece, headers })).toMatchObject({ body: first.body });
    const other = await ask('/v1/feedback', { key: keys.analyst, body: feedback('twice'), headers });
    expect(other.status).toBe(422);
  });

  test.each([
    ['no JSON', '{"id":', 400],
    ['a text', '"hello"', 400],
    ['nothing in a list', '[]', 400],
    ['too much', JSON.stringify([feedback('big', { text: 'あ'.repeat(60_000) })]), 413],
  ])('%s is refused', async (_, body, status) => {
    expect((await ask('/v1/feedback', { key: keys.analyst, body })).status).toBe(status);
  });

  test('another type than JSON is refused', async () => {
    const headers = { 'content-type': 'text/csv' };
    expect((await ask('/v1/feedback', { key: keys.analyst, body: 'a,b', headers })).status).toBe(415);
  });
});

test('a path that is not there is a problem, not a page', async () => {
  expect(await ask('/v2/anything', { key: keys.reader })).toMatchObject({ status: 404, body: { title: 'Not Found' } });
});

describe('insight', () => {
  test('every ranking answers with what is stored', async () => {
    for (const path of ['pain-points', 'praise', 'requests']) {
      const { status, body } = await ask(`/v1/${path}?since=1d&by=region`, { key: keys.reader });
      expect([path, status, body.feedback]).toEqual([path, 200, 5]);
    }
  });

  test('opinions, emerging issues, scores and drivers too', async () => {
    for (const path of ['opinions', 'emerging', 'nps', 'drivers']) {
      expect([path, (await ask(`/v1/${path}?since=1d`, { key: keys.reader })).status]).toEqual([path, 200]);
    }
  });
});

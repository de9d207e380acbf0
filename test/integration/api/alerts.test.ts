import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ApiApp, startApiApp } from '../../../src/app/api-app.ts';
import { readSettings } from '../../../src/config/settings.ts';
import { actOnAlert, writeAlert } from '../../../src/store/alerts.ts';
import { createApiKey, revokeApiKey } from '../../../src/store/api-keys.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { createRecordStore } from '../../../src/store/records.ts';
import { refreshRollups } from '../../../src/store/rollups.ts';
import { alertDocument } from '../../support/alerts.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { enrichedRecord, topic } from '../../support/records.ts';
import { silentLogger } from '../../support/silent-logger.ts';
import { uniqueName } from '../../support/unique-name.ts';

const minute = 60_000;
let folder: string;
let mongo: TestMongo;
let database: Database;
let app: ApiApp;
const keys: Record<'reader' | 'analyst' | 'admin' | 'stranger', string> = {
  reader: '',
  analyst: '',
  admin: '',
  stranger: '',
};

async function start(name: string): Promise<ApiApp> {
  const settings = readSettings({
    MONGODB_URI: mongo.uri,
    KOE_MONGODB_DATABASE: name,
    KOE_PSEUDONYM_KEY: 'a key for the tests',
    KOE_DATA_DIR: folder,
    KOE_API_PORT: '0',
    KOE_TOPIC_PARTITIONS: '1',
  });
  return startApiApp(settings, silentLogger);
}

const name = uniqueName('koe-alert-api');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'koe-alert-api-'));
  mongo = await startTestMongo();
  database = await openDatabase({ uri: mongo.uri, database: name });
  app = await start(name);
  for (const [holder, tenant, role] of [
    ['reader', 'shop', 'reader'],
    ['analyst', 'shop', 'analyst'],
    ['admin', 'shop', 'admin'],
    ['stranger', 'other', 'admin'],
  ] as const) {
    keys[holder] = await createApiKey(database, { tenant, role, name: `${holder} of ${tenant}` });
  }
}, 60_000);

afterAll(async () => {
  await app?.stop();
  await database?.drop();
  await database?.close();
  await mongo?.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await database.alerts.deleteMany({});
  await database.alertRules.deleteMany({});
});

async function ask(path: string, key: string, { method, body }: { method?: string; body?: unknown } = {}) {
  const answer = await fetch(`${app.url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  // What is expected of answers is checked, not typed.
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

async function store(...changes: Parameters<typeof alertDocument>[0][]): Promise<string[]> {
  const documents = changes.map((one) => alertDocument(one));
  for (const document of documents) expect(await writeAlert(database, document, undefined)).toBe(true);
  return documents.map(({ id }) => id);
}

const ago = (minutes: number) => new Date(Math.floor(Date.now() / minute) * minute - minutes * minute);
const idsOf = ({ body }: { body: { items: { id: string }[] } }) => body.items.map(({ id }) => id);

describe('alerts', () => {
  test('are listed page by page, those that began last first, of one tenant', async () => {
    const ids = await store(...[10, 20, 30, 40, 50].map((minutes) => ({ beganAt: ago(minutes) })));
    await store({ tenant: 'other' });
    const listed: string[] = [];
    let cursor = '';
    for (let page = 0; page < 4; page++) {
      const { body } = await ask(`/v1/alerts?limit=2${cursor}`, keys.reader);
      listed.push(...body.items.map(({ id }: { id: string }) => id));
      if (body.nextCursor === undefined) break;
      cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`;
    }
    expect(listed).toEqual(ids);
  });

  test('are chosen by status, rule, topic, severity, incident and time', async () => {
    const [spike, safety, old, gone] = await store(
      { beganAt: ago(10), severity: { level: 'critical', reasons: [] } },
      { beganAt: ago(20), rule: 'safety', kind: 'message', subject: 'f1', topic: 'safety', status: 'acknowledged' },
      { beganAt: ago(60 * 24 * 40), status: 'resolved' },
      { beganAt: ago(30), status: 'withdrawn' },
    );
    const found = async (query: string) => idsOf(await ask(`/v1/alerts?${query}`, keys.reader));
    expect(await found('')).toEqual([spike, safety]);
    expect(await found('since=60d')).toEqual([spike, safety, old]);
    expect(await found('status=open')).toEqual([spike]);
    expect(await found('status=acknowledged&status=withdrawn')).toEqual([safety, gone]);
    expect(await found('rule=safety')).toEqual([safety]);
    expect(await found('kind=message')).toEqual([safety]);
    expect(await found('topic=delivery&channel=chat')).toEqual([spike]);
    expect(await found('severity=high')).toEqual([spike]);
    expect(await found(`incident=${safety}`)).toEqual([safety]);
    expect(await found(`until=${ago(15).toISOString()}`)).toEqual([safety]);
  });

  test.each([
    ['status=broken', 'query.status'],
    ['severity=huge', 'query.severity'],
    ['since=yesterday', 'query.since'],
    ['cursor=abc', 'query.cursor'],
    ['colour=red', 'query.colour'],
  ])('%s is refused by name', async (query, field) => {
    const { status, body } = await ask(`/v1/alerts?${query}`, keys.reader);
    expect([status, body.errors[0].field]).toEqual([400, field]);
  });

  test('go through their life in the name of the key, which is written down', async () => {
    const [id = ''] = await store({});
    const until = new Date(Date.now() + 60 * minute).toISOString();
    const act = (what: string, body?: object) =>
      ask(`/v1/alerts/${id}/${what}`, keys.analyst, { method: 'POST', body });
    expect(await act('acknowledge')).toMatchObject({ status: 200, body: { status: 'acknowledged' } });
    expect(await act('acknowledge', { note: 'again' })).toMatchObject({ status: 409 });
    expect(await act('snooze', { until })).toMatchObject({ body: { status: 'snoozed', snoozedUntil: until } });
    expect(await act('comment', { note: '配送会社に確認中' })).toMatchObject({ status: 200 });
    expect(await act('resolve', { note: '復旧' })).toMatchObject({ body: { status: 'resolved' } });
    const { body } = await act('vote', { useful: true });
    expect(body.history.slice(1).map((entry: object) => ({ ...entry, at: undefined }))).toMatchObject([
      { event: 'acknowledged', by: 'key:analyst of shop' },
      { event: 'snoozed', by: 'key:analyst of shop', until },
      { event: 'commented', note: '配送会社に確認中' },
      { event: 'resolved', note: '復旧' },
      { event: 'voted', useful: true },
    ]);
    expect(body.secondsToClose).toBeGreaterThan(3500);
  });

  test.each([
    ['snooze', { until: '2020-01-01T00:00:00Z' }, 'body.until'],
    ['snooze', { until: 'tomorrow' }, 'body.until'],
    ['vote', { useful: 'yes' }, 'body.useful'],
    ['comment', {}, 'body.note'],
    ['resolve', { reason: 'done' }, 'body.reason'],
  ])('%s with %o is refused by name', async (what, body, field) => {
    const [id] = await store({});
    const answer = await ask(`/v1/alerts/${id}/${what}`, keys.analyst, { body });
    expect([answer.status, answer.body.errors[0].field]).toEqual([400, field]);
  });

  test('stop growing with what people write about them', async () => {
    const [id = ''] = await store({});
    const [entry] = alertDocument().history;
    const history = Array.from({ length: 1000 }, (_, sequence) => ({ ...entry, sequence }));
    await database.alerts.updateOne({ id }, { $set: { history } as object });
    const answer = await ask(`/v1/alerts/${id}/comment`, keys.analyst, { body: { note: 'x' } });
    expect(answer).toMatchObject({ status: 409 });
  });
});

describe('incidents', () => {
  test('sum up their alerts, and are as open as the most open of them', async () => {
    const [lead = ''] = await store({
      beganAt: ago(50),
      status: 'acknowledged',
      acknowledgedAt: ago(45).toISOString(),
    });
    await store(
      { beganAt: ago(40), subject: 'delivery.review', channel: 'review', incident: lead },
      { beganAt: ago(30), subject: 'staff.chat', topic: 'staff', incident: lead, status: 'withdrawn' },
    );
    const [other] = await store({ beganAt: ago(20), subject: 'price.chat', topic: 'price', status: 'resolved' });
    const all = await ask('/v1/incidents', keys.reader);
    expect(idsOf(all)).toEqual([other, lead]);
    expect(all.body.items[1]).toMatchObject({
      status: 'open',
      beganAt: ago(50).toISOString(),
      alerts: 2,
      topics: ['delivery'],
      channels: ['chat', 'review'],
      customers: 12,
      secondsToAcknowledge: 300,
    });
    expect(idsOf(await ask('/v1/incidents?status=open', keys.reader))).toEqual([lead]);
    expect(idsOf(await ask('/v1/incidents?status=acknowledged', keys.reader))).toEqual([]);
    expect(idsOf(await ask('/v1/incidents?status=resolved', keys.reader))).toEqual([other]);
    const first = await ask('/v1/incidents?limit=1', keys.reader);
    const next = await ask(`/v1/incidents?limit=1&cursor=${first.body.nextCursor}`, keys.reader);
    expect(idsOf(next)).toEqual([lead]);
    const one = await ask(`/v1/incidents/${lead}`, keys.reader);
    expect(one.body.alerts.map(({ channel }: { channel: string }) => channel)).toEqual(['chat', 'review']);
    expect(await ask(`/v1/incidents/${lead}`, keys.stranger)).toMatchObject({ status: 404 });
  });
});

const fewBadWords = {
  id: 'many-bad',
  kind: 'metric',
  metric: 'negatives',
  hours: 1,
  above: 3,
  fewest: 1,
  examples: [
    { fires: true, value: 4, size: 5 },
    { fires: false, value: 3, size: 5 },
  ],
};

describe('rules', () => {
  const put = (id: string, body: object, key = keys.admin, query = '') =>
    ask(`/v1/alert-rules/${id}${query}`, key, { method: 'PUT', body });

  test("koe's own are listed, a tenant's comes in the place of one, and goes again", async () => {
    const before = await ask('/v1/alert-rules', keys.reader);
    expect(before.body.items.map(({ rule }: { rule: { id: string } }) => rule.id)).toContain('spike');
    const { rule } = (await ask('/v1/alert-rules/spike', keys.reader)).body;
    const changed = await put('spike', { ...rule, enabled: false });
    expect(changed).toMatchObject({
      status: 200,
      body: {
        rule: { id: 'spike', enabled: false, tenant: 'shop' },
        origin: 'tenant',
        changes: [{ by: 'key:admin of shop', event: 'set' }],
      },
    });
    expect(await ask('/v1/alert-rules/spike', keys.stranger)).toMatchObject({
      body: { rule: { enabled: true }, origin: 'koe', changes: [] },
    });
    const gone = await ask('/v1/alert-rules/spike', keys.admin, { method: 'DELETE' });
    expect(gone).toEqual({ status: 200, body: { deleted: true } });
    expect(await ask('/v1/alert-rules/spike', keys.reader)).toMatchObject({ body: { origin: 'koe' } });
    expect(await ask('/v1/alert-rules/spike', keys.admin, { method: 'DELETE' })).toMatchObject({ status: 404 });
    const written = await database.alertRules.findOne({ _id: 'shop/spike' });
    expect(written?.changes?.map(({ event }) => event)).toEqual(['set', 'removed']);
  });

  test('that are not valid, or do not do what their examples say, are refused by name', async () => {
    const wrong = { ...fewBadWords, examples: [{ fires: true, value: 1, size: 5 }] };
    expect(await put('many-bad', wrong)).toMatchObject({ status: 422, body: { errors: [{ field: 'body.examples' }] } });
    expect(await put('other', fewBadWords)).toMatchObject({ status: 400, body: { errors: [{ field: 'body.id' }] } });
    expect(await put('many-bad', { ...fewBadWords, tenant: 'other' })).toMatchObject({ status: 400 });
    expect(await put('many-bad', { ...fewBadWords, attributes: { $where: 'x' } })).toMatchObject({ status: 400 });
    expect(await put('many-bad', { ...fewBadWords, below: 2 })).toMatchObject({ status: 400 });
    expect(await database.alertRules.countDocuments()).toBe(0);
  });

  test('a dry run replays history and changes nothing', async () => {
    await createRecordStore(database).save(
      Array.from({ length: 6 }, (_, at) =>
        enrichedRecord({
          id: `dry-${at}`,
          tenant: 'shop',
          occurredAt: new Date(Date.now() - 5 * 60 * minute + at * minute).toISOString(),
          topics: [topic('delivery', 'negative')],
        }),
      ),
    );
    while ((await refreshRollups(database, 50)) > 0);
    const answer = await put('many-bad', fewBadWords, keys.admin, '?dryRun=true&since=1d');
    expect(answer.status).toBe(200);
    expect(answer.body.wouldFire).toHaveLength(1);
    expect(answer.body.wouldFire[0]).toMatchObject({ subject: 'negatives', first: { observed: expect.any(Number) } });
    expect(await database.alertRules.countDocuments()).toBe(0);
    expect(await database.alerts.countDocuments()).toBe(0);
    expect(await put('many-bad', fewBadWords, keys.stranger, '?dryRun=true&since=1d')).toMatchObject({
      body: { wouldFire: [] },
    });
    expect(await put('many-bad', fewBadWords, keys.admin, '?dryRun=true&since=90d')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'query.since' }] },
    });
  });
});

interface Received {
  readonly id?: string;
  readonly event: string;
  readonly data: { id: string; data: { id: string; tenant: string } };
}

/** Follows the stream until closed. */
async function follow(key: string, after?: string, url = app.url) {
  const controller = new AbortController();
  const answer = await fetch(`${url}/v1/alerts/stream`, {
    headers: { authorization: `Bearer ${key}`, ...(after !== undefined && { 'last-event-id': after }) },
    signal: controller.signal,
  });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const events: Received[] = [];
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    /** The next so many events. */
    async take(count: number): Promise<Received[]> {
      while (events.length < count) {
        const { done, value } = (await reader?.read()) ?? { done: true };
        if (done) throw new Error(`the stream ended after ${events.length} events: ${text}`);
        text += value;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const fields = Object.fromEntries(
            text
              .slice(0, end)
              .split('\n')
              .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
          );
          text = text.slice(end + 2);
          if (fields.event !== undefined) events.push({ ...fields, data: JSON.parse(fields.data ?? '') } as Received);
        }
      }
      return events.splice(0, count);
    },
    /** Resolves when the server has ended the answer; rejects when it was cut off. */
    async end(): Promise<void> {
      while ((await reader?.read())?.done === false);
    },
    close: () => controller.abort(),
  };
}

describe('the stream', () => {
  test('tells changes of one tenant as they happen', async () => {
    const mine = await follow(keys.reader);
    expect([mine.status, mine.type]).toEqual([200, 'text/event-stream']);
    await store({ tenant: 'other' });
    const [id = ''] = await store({});
    await actOnAlert(database, { tenant: 'shop', id }, { event: 'acknowledged', by: 'me' }, new Date());
    const [opened, ...rest] = await mine.take(3);
    expect(opened).toMatchObject({ event: 'change', data: { id: `${id}.0`, type: 'alert.opened' } });
    // Not announced in between, the first change comes with the second once more.
    expect(rest.map(({ data }) => data.id)).toEqual([`${id}.0`, `${id}.1`]);
    mine.close();
  });

  test('goes on after the last event without a gap, over a restart of the API', async () => {
    const [first = ''] = await store({ beganAt: ago(1) });
    const live = await follow(keys.reader);
    const [second = ''] = await store({ beganAt: ago(2) });
    const [event] = await live.take(1);
    expect(event?.data.data.id).toBe(second);
    expect(event?.data.data.id).not.toBe(first);
    live.close();
    await store({ tenant: 'other' });
    const missed = await store({ beganAt: ago(3) }, { beganAt: ago(4) });
    const other = await start(name);
    try {
      const again = await follow(keys.reader, event?.id, other.url);
      const seen = await again.take(2);
      expect(seen.map(({ data }) => data.data.id)).toEqual(missed);
      const [next] = await store({ beganAt: ago(5) });
      expect((await again.take(1))[0]?.data.data.id).toBe(next);
      const stranger = await follow(keys.stranger, event?.id, other.url);
      expect((await stranger.take(1))[0]?.data.data.tenant).toBe('other');
      stranger.close();
      again.close();
    } finally {
      await other.stop();
    }
  });

  test('says so when it cannot go on from there', async () => {
    const lost = await follow(keys.reader, 'FFFF');
    expect((await lost.take(1))[0]?.event).toBe('reset');
    const [id] = await store({});
    expect((await lost.take(1))[0]?.data.data.id).toBe(id);
    lost.close();
    expect((await follow(keys.reader, 'not an id')).status).toBe(400);
  });

  test('ends as a whole answer when the API stops, and only so many are open for a key', async () => {
    const other = await start(name);
    const key = await createApiKey(database, { tenant: 'shop', role: 'reader', name: 'greedy' });
    const streams = await Promise.all(Array.from({ length: 20 }, () => follow(key, undefined, other.url)));
    expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200));
    expect((await follow(key, undefined, other.url)).status).toBe(429);
    expect(await revokeApiKey(database, key.split('_')[1] ?? '')).toBe(true);
    expect((await follow(key, undefined, other.url)).status).toBe(401);
    const stopped = other.stop();
    await Promise.all(streams.map((stream) => stream.end()));
    await stopped;
  });
});

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type DeliveryParts, deliverNext, giveUpNext } from '../../../src/app/alert-delivery.ts';
import type { Alert, AlertChange } from '../../../src/domain/alert.ts';
import { type AlertChannel, alertChannelSchema } from '../../../src/domain/alert-channel.ts';
import { countUntaken, planDelivery, sendAgain } from '../../../src/store/alert-deliveries.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { uniqueName } from '../../support/unique-name.ts';
import { until } from '../../support/until.ts';

const minute = 60_000;
const start = Date.UTC(2026, 10, 18, 5);
const iso = new Date(start).toISOString();
const secret = `whsec_${Buffer.from('koe-key-of-24-bytes-one!').toString('base64')}`;

let mongo: TestMongo;
let database: Database;
let server: Server;
let answer: RequestListener;
let channel: AlertChannel;
const tried: string[] = [];
const heard: { id: string; body: string }[] = [];

beforeAll(async () => {
  mongo = await startTestMongo();
  database = await openDatabase({ uri: mongo.uri, database: uniqueName('koe-deliveries') });
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      heard.push({ id: String(request.headers['webhook-id']), body });
      answer(request, response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address !== 'string' ? address.port : 0;
  const url = `http://127.0.0.1:${port}/`;
  channel = alertChannelSchema.parse({ id: 'ops', kind: 'webhook', url, secrets: [secret], groupMinutes: 10 });
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await database.drop();
  await database.close();
  await mongo.close();
});

beforeEach(async () => {
  heard.length = 0;
  tried.length = 0;
  await database.alertDeliveries.deleteMany({});
});

function change(id: string): AlertChange {
  const finding = { window: { from: iso, until: iso }, observed: 9 };
  const data: Alert = {
    id,
    key: id,
    tenant: 'shop',
    rule: 'spike',
    kind: 'spike',
    subject: 'delivery.chat',
    runs: [],
    first: finding,
    latest: finding,
    severity: { level: 'low', reasons: [] },
    evidence: { opinions: [], verbatims: [], customers: { count: 0, list: [], revenue: 0 }, segments: [], similar: [] },
    incident: 'storm',
    status: 'open',
    reopened: 0,
    history: [],
  };
  return { id: `${id}.0`, type: 'alert.opened', timestamp: iso, data };
}

const plan = (id: string, { now = start, incident = 'storm' } = {}) =>
  planDelivery(database, { channel: 'ops', incident, change: change(id), dueAt: now, groupMs: 10 * minute }, now);

function partsAt(now: number, allowPrivate = true): DeliveryParts {
  return {
    database,
    producer: { send: async () => {}, close: async () => {} },
    topic: 'alerts',
    channels: [channel],
    zoneOffsetMs: 0,
    observer: { published: () => {}, tried: (kind, outcome) => void tried.push(`${kind} ${outcome}`) },
    now: () => now,
    sending: { allowPrivate, timeoutMs: 200 },
  };
}

function deliver(now: number, changes: { allowPrivate?: boolean; channel?: AlertChannel } = {}): Promise<boolean> {
  return deliverNext(partsAt(now, changes.allowPrivate), changes.channel ?? channel);
}

const outbox = () => database.alertDeliveries.find().sort({ createdAt: 1 }).toArray();

const ok: RequestListener = (_, response) => response.writeHead(200).end();

test('a receiver that is down for ten minutes gets everything once it is back, under the same ids', async () => {
  const address = server.address();
  const port = address !== null && typeof address !== 'string' ? address.port : 0;
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await plan('a', { incident: 'storm' });
  await plan('b', { incident: 'flood' });
  let now = start;
  for (; now < start + 10 * minute; now += 15_000) while (await deliver(now));
  expect(await outbox()).toMatchObject([
    { status: 'waiting', reason: 'ECONNREFUSED' },
    { status: 'waiting', reason: 'ECONNREFUSED' },
  ]);
  expect((await outbox())[0]?.attempts).toBeGreaterThan(5);
  answer = ok;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const due = Math.max(...(await outbox()).map(({ dueAt }) => dueAt.getTime()));
  while (await deliver(due));
  expect(await outbox()).toMatchObject([{ status: 'sent' }, { status: 'sent' }]);
  expect(heard.map(({ id }) => id).sort()).toEqual(['a.0.ops', 'b.0.ops']);
  expect(await deliver(due + 60 * minute)).toBe(false);
});

test.each<[string, RequestListener, string, number]>([
  ['answers 500', (_, response) => response.writeHead(500).end(), 'answered 500', 5000],
  [
    'answers 429 with Retry-After',
    (_, response) => response.writeHead(429, { 'retry-after': '120' }).end(),
    'answered 429',
    2 * minute,
  ],
  ['hangs', () => {}, 'no answer within 200 ms', 5000],
  [
    'hangs in the middle',
    (_, response) => response.writeHead(200, { 'content-length': '9' }).write('o'),
    'no answer within 200 ms',
    5000,
  ],
  ['hangs up', (request) => request.socket.destroy(), 'ECONNRESET', 5000],
  [
    'redirects',
    (_, response) => response.writeHead(302, { location: '/' }).end(),
    'answered 302: redirects are not followed',
    5000,
  ],
])('a receiver that %s leaves the message in the outbox with the reason, and gets it later', async (...row) => {
  const [, listener, reason, longestMs] = row;
  answer = listener;
  await plan('a');
  expect(await deliver(start)).toBe(true);
  expect(await outbox()).toMatchObject([{ status: 'waiting', attempts: 1, reason }]);
  expect(await countUntaken(database)).toBe(1);
  const due = (await outbox())[0]?.dueAt.getTime() ?? 0;
  expect(due).toBeGreaterThanOrEqual(start + longestMs / 2);
  expect(due).toBeLessThanOrEqual(start + longestMs);
  expect(await deliver(due - 1)).toBe(false);
  answer = ok;
  expect(await deliver(due)).toBe(true);
  expect(await outbox()).toMatchObject([{ status: 'sent', attempts: 2 }]);
  expect(heard.map(({ id }) => id)).toEqual(['a.0.ops', 'a.0.ops']);
  expect(tried).toEqual(['webhook waiting', 'webhook sent']);
  expect(await countUntaken(database)).toBe(0);
});

test('what is not taken for three days is given up with the reason, until somebody has it sent again', async () => {
  answer = (_, response) => response.writeHead(500).end();
  await plan('a');
  await deliver(start + 73 * 60 * minute);
  expect(await outbox()).toMatchObject([{ status: 'failed', reason: 'answered 500' }]);
  expect(tried).toEqual(['webhook failed']);
  answer = ok;
  expect(await sendAgain(database, 'a.0.ops', new Date(start + 80 * 60 * minute))).toBe(true);
  expect(await deliver(start + 80 * 60 * minute)).toBe(true);
  expect(await outbox()).toMatchObject([{ status: 'sent' }]);
  expect(await sendAgain(database, 'a.0.ops', new Date(start))).toBe(false);
});

test('a private address is refused for good unless it is allowed, and given up with the reason', async () => {
  await plan('a');
  await deliver(start, { allowPrivate: false });
  expect(await outbox()).toMatchObject([{ status: 'failed', reason: '127.0.0.1 is a private address' }]);
  expect(heard).toEqual([]);
});

test('changes of one incident within the time of grouping are one message; planning one again adds nothing', async () => {
  answer = (_, response) => response.writeHead(200).end();
  await plan('a');
  await deliver(start);
  for (const id of ['b', 'c', 'b', 'a']) await plan(id, { now: start + minute });
  expect(await deliver(start + 9 * minute)).toBe(false);
  expect(await deliver(start + 10 * minute)).toBe(true);
  expect(heard.map(({ id }) => id)).toEqual(['a.0.ops', 'b.0.ops']);
  expect(JSON.parse(heard[1]?.body ?? '').data.changes).toHaveLength(2);
});

test('no more messages an hour than the channel takes', async () => {
  answer = (_, response) => response.writeHead(200).end();
  const rare = { ...channel, perHour: 1 };
  await plan('a');
  await deliver(start, { channel: rare });
  await plan('b', { now: start + 10 * minute });
  await deliver(start + 20 * minute, { channel: rare });
  expect((await outbox())[1]).toMatchObject({ status: 'waiting', attempts: 0, reason: 'too many messages' });
  await deliver(start + 61 * minute, { channel: rare });
  expect(heard).toHaveLength(2);
});

test('a channel that hangs does not hold up another, and what is for none any more is given up', async () => {
  let release = () => {};
  answer = (_, response) => {
    release = () => response.end();
  };
  await plan('a');
  await planDelivery(
    database,
    { channel: 'chat', incident: 'storm', change: change('a'), dueAt: start, groupMs: 0 },
    start,
  );
  const hanging = deliver(start);
  await until('it hangs', () => heard.length === 1);
  answer = ok;
  expect(await deliver(start, { channel: { ...channel, id: 'chat' } })).toBe(true);
  expect(heard.map(({ id }) => id)).toEqual(['a.0.ops', 'a.0.chat']);
  release();
  await hanging;
  await planDelivery(
    database,
    { channel: 'gone', incident: 'storm', change: change('a'), dueAt: start, groupMs: 0 },
    start,
  );
  expect(await giveUpNext(partsAt(start))).toBe(true);
  expect(await giveUpNext(partsAt(start))).toBe(false);
  const gone = await database.alertDeliveries.findOne({ channel: 'gone' });
  expect(gone).toMatchObject({ status: 'failed', reason: 'there is no such channel any more' });
});

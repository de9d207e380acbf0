import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EnrichApp, startEnrichApp } from '../../../src/app/enrich-app.ts';
import { readSettings } from '../../../src/config/settings.ts';
import { recordSchema } from '../../../src/domain/record.ts';
import { topicNames } from '../../../src/domain/topics.ts';
import { connectKafka } from '../../../src/kafka/connection.ts';
import { ensureTopics } from '../../../src/kafka/topics.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { readTopic, testClient } from '../../support/kafka-client.ts';
import { rawFeedback } from '../../support/messages.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { silentLogger } from '../../support/silent-logger.ts';
import { uniqueSettings } from '../../support/unique-name.ts';
import { until } from '../../support/until.ts';

const names = uniqueSettings();
const topics = topicNames(names.KOE_TOPIC_PREFIX);
const year = 365 * 24 * 60 * 60 * 1000;

let kafka: TestKafka;
let mongo: TestMongo;
let app: EnrichApp;
let database: Database;

beforeAll(async () => {
  [kafka, mongo] = await Promise.all([startTestKafka(), startTestMongo()]);
  // A message that is too large for koe has to be one that the broker takes.
  const config = { 'max.message.bytes': '4000000' };
  const connection = connectKafka({ brokers: kafka.brokers, clientId: 'test' }, silentLogger);
  await ensureTopics(connection, [{ name: topics.feedback.review, partitions: 1, config }]);
  const settings = readSettings({
    ...names,
    KAFKA_BROKERS: kafka.brokers.join(','),
    MONGODB_URI: mongo.uri,
    KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
    KOE_MODEL: 'none',
    KOE_ANALYSIS_PROCESSES: '1',
    KOE_TOPIC_PARTITIONS: '1',
    KOE_HTTP_PORT: '0',
  });
  app = await startEnrichApp(settings, silentLogger);
  database = await openDatabase({ uri: mongo.uri, database: settings.KOE_MONGODB_DATABASE });
});

afterAll(async () => {
  await app.stop();
  expect(await app.ended).toEqual({ kind: 'stopped' });
  await database.drop();
  await database.close();
  await Promise.all([kafka.stop(), mongo.close()]);
});

async function send(messages: readonly { value: Buffer | string | null; topic?: string }[]): Promise<void> {
  const producer = testClient(kafka.brokers).producer();
  await producer.connect();
  for (const { value, topic = topics.feedback.review } of messages) {
    await producer.send({ topic, messages: [{ key: 'shop/customer', value, headers: { trace: 'abc' } }] });
  }
  await producer.disconnect();
}

const json = (changes: Record<string, unknown>) => JSON.stringify(rawFeedback(changes));
const storedIds = async () => (await database.records.find().toArray()).map(({ id }) => id).sort();

describe('bad input beside good', () => {
  const bad: readonly [code: string, value: Buffer | string, topic?: string][] = [
    ['KOE_NOT_JSON', 'not JSON'],
    ['KOE_NOT_UTF8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['KOE_FIELD_MISSING', json({ text: undefined })],
    ['KOE_FIELD_INVALID', json({ text: 42 })],
    ['KOE_OCCURRED_AT_TOO_OLD', json({ occurredAt: '1970-01-01T00:00:00Z' })],
    ['KOE_OCCURRED_AT_IN_FUTURE', json({ occurredAt: new Date(Date.now() + year).toISOString() })],
    ['KOE_MESSAGE_TOO_LARGE', json({ text: 'あ'.repeat(400_000) })],
    ['KOE_TEXT_TOO_LONG', json({ text: 'あ'.repeat(30_000) })],
    ['KOE_TEXT_EMPTY', json({ text: '　' })],
    ['KOE_SCHEMA_VERSION', json({ schemaVersion: 2 })],
    ['KOE_CHANNEL_MISMATCH', json({}), topics.feedback.chat],
    ['KOE_CLOUDEVENT_INVALID', JSON.stringify({ specversion: '0.3', id: 'e', source: 's', type: 't', data: {} })],
  ];

  test('each becomes a dead letter with its code and its bytes, and holds nothing up', async () => {
    await send([
      { value: json({ id: 'good-1' }) },
      ...bad.map(([, value, topic]) => ({ value, ...(topic !== undefined && { topic }) })),
      { value: null },
      { value: json({ id: 'good-2' }) },
    ]);
    const letters = await readTopic(testClient(kafka.brokers), topics.deadLetters, bad.length);
    const byCode = new Map(letters.map((letter) => [String(letter.headers['koe-reject-code']), letter]));
    expect([...byCode.keys()].sort()).toEqual(bad.map(([code]) => code).sort());
    for (const [code, value, topic] of bad) {
      const letter = byCode.get(code);
      expect(letter?.value).toBe(value.toString());
      expect(letter?.key).toBe('shop/customer');
      expect(String(letter?.headers.trace)).toBe('abc');
      expect(String(letter?.headers['koe-source-topic'])).toBe(topic ?? topics.feedback.review);
    }
    await until('both good ones are stored', async () => (await storedIds()).length === 2);
    expect(await storedIds()).toEqual(['good-1', 'good-2']);
  });

  test('metrics tell what happened, by code', async () => {
    const text = await (await fetch(`${app.operationsUrl}/metrics`)).text();
    expect(text).toContain('koe_dead_letters_sent_total{code="KOE_NOT_JSON"} 1');
    expect(text).toContain('koe_messages_dropped_total{reason="tombstone"} 1');
    expect(text).toContain(`koe_consumer_lag_messages{topic="${topics.feedback.review}",partition="0"} 0`);
  });
});

test('the same id with another text: the newest wins, the loser is counted', async () => {
  const newest = json({ id: 'twice', revision: 2, text: '新しい本文です。' });
  await send([{ value: json({ id: 'twice', revision: 1 }) }, { value: newest }, { value: json({ id: 'twice' }) }]);
  const metrics = async () => (await fetch(`${app.operationsUrl}/metrics`)).text();
  await until('the loser is counted', async () =>
    (await metrics()).includes('koe_messages_dropped_total{reason="superseded"}'),
  );
  expect((await database.records.findOne({ id: 'twice' }))?.text).toBe('新しい本文です。');
});

test('the enriched topic carries the stored record', async () => {
  await send([{ value: json({ id: 'published', text: '荷物が届きません。090-1234-5678', customerId: 'taro' }) }]);
  await until('stored', async () => (await storedIds()).includes('published'));
  const stored = await database.records.countDocuments();
  const messages = await readTopic(testClient(kafka.brokers), topics.enriched, stored);
  const message = messages.find(({ key }) => key === 'shop/published');
  const record = recordSchema.parse(JSON.parse(message?.value ?? ''));
  expect(record).toMatchObject({
    text: '荷物が届きません。[電話番号]',
    personalData: { phone: 1 },
    status: 'analyzed',
  });
  expect(record.provenance).toMatchObject({ model: 'none', topic: topics.feedback.review, partition: 0 });
  expect(message?.value).not.toContain('taro');
});

test('health pages answer for people and orchestrators', async () => {
  for (const page of ['healthz', 'readyz']) {
    const response = await fetch(`${app.operationsUrl}/${page}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ live: true, ready: true });
  }
});

test('the operations port survives what is not HTTP', async () => {
  const { hostname, port } = new URL(app.operationsUrl);
  const socket = connect(Number(port), hostname);
  socket.resume();
  socket.end('\u0000\u0001garbage\r\n\r\n');
  await new Promise((resolve) => socket.once('close', resolve));
  expect((await fetch(`${app.operationsUrl}/healthz`)).status).toBe(200);
});

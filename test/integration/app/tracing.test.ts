import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EnrichApp, startEnrichApp } from '../../../src/app/enrich-app.ts';
import { openTracingOf } from '../../../src/app/open-tracing.ts';
import { readSettings, type Settings } from '../../../src/config/settings.ts';
import type { Feedback } from '../../../src/domain/feedback.ts';
import { topicNames } from '../../../src/domain/topics.ts';
import { connectKafka, type KafkaConnection } from '../../../src/kafka/connection.ts';
import { createFeedbackProducer } from '../../../src/kafka/feedback-producer.ts';
import { createProducer } from '../../../src/kafka/producer.ts';
import { ensureTopics } from '../../../src/kafka/topics.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { readTopic, testClient } from '../../support/kafka-client.ts';
import { rawFeedback } from '../../support/messages.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { silentLogger } from '../../support/silent-logger.ts';
import { uniqueSettings } from '../../support/unique-name.ts';
import { until } from '../../support/until.ts';

const names = uniqueSettings();
const topics = topicNames(names.KOE_TOPIC_PREFIX);
const partner = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

let kafka: TestKafka;
let mongo: TestMongo;
let collector: OtlpReceiver;
let settings: Settings;
let connection: KafkaConnection;
let app: EnrichApp;
const lines: Record<string, unknown>[] = [];

beforeAll(async () => {
  [kafka, mongo, collector] = await Promise.all([startTestKafka(), startTestMongo(), startOtlpReceiver()]);
  connection = connectKafka({ brokers: kafka.brokers, clientId: 'test' }, silentLogger);
  await ensureTopics(connection, [{ name: topics.feedback.review, partitions: 1 }]);
  settings = readSettings({
    ...names,
    KAFKA_BROKERS: kafka.brokers.join(','),
    MONGODB_URI: mongo.uri,
    KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
    KOE_MODEL: 'none',
    KOE_ANALYSIS_PROCESSES: '1',
    KOE_TOPIC_PARTITIONS: '1',
    KOE_HTTP_PORT: '0',
    KOE_OTLP_ENDPOINT: `${collector.endpoint}/`,
  });
  const sink = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)));
      done();
    },
  });
  app = await startEnrichApp(settings, createLogger({ level: 'debug', name: 'koe-enrich' }, sink));
});

afterAll(async () => {
  await app.stop();
  const database = await openDatabase({ uri: mongo.uri, database: settings.KOE_MONGODB_DATABASE });
  await database.drop();
  await database.close();
  await Promise.all([kafka.stop(), mongo.close(), collector.close()]);
});

const spans = (name: string) => collector.spans.filter((span) => span.name === name);
const child = (name: string, parent: ReceivedSpan | undefined) =>
  spans(name).find((span) => span.traceId === parent?.traceId && span.parentSpanId === parent?.spanId);
const traceparent = (headers: Record<string, unknown> | undefined) => String(headers?.traceparent).split('-');

async function send(messages: readonly { value: string; headers?: Record<string, string> }[]): Promise<void> {
  const producer = testClient(kafka.brokers).producer();
  await producer.connect();
  await producer.send({ topic: topics.feedback.review, messages: messages.map((one) => ({ key: 'shop/1', ...one })) });
  await producer.disconnect();
}

test('one piece of feedback can be followed from its producer to the enriched topic', async () => {
  const tracing = await openTracingOf(settings, 'koe-send', silentLogger);
  const producer = createProducer(connection, { tracer: tracing.tracer });
  const feedback = { ...rawFeedback({ id: 'traced' }) } as Feedback;
  await createFeedbackProducer(producer, topics, tracing.tracer).send([feedback]);
  await producer.close();
  await tracing.close();

  const { review } = topics.feedback;
  await until('the worker has reported its batch', () => spans(`receive ${review}`).length === 1);
  const [created] = spans(`create ${review}`);
  expect(created).toMatchObject({ service: 'koe-send', kind: 'producer', parentSpanId: '' });
  const [sent] = spans(`send ${review}`);
  expect(sent).toMatchObject({ service: 'koe-send', kind: 'client', links: [created?.spanId] });

  const [batch] = spans(`receive ${review}`);
  expect(batch).toMatchObject({
    service: 'koe-enrich',
    kind: 'consumer',
    links: [created?.spanId],
    attributes: {
      'messaging.system': 'kafka',
      'messaging.operation.name': 'receive',
      'messaging.operation.type': 'receive',
      'messaging.destination.name': review,
      'messaging.destination.partition.id': '0',
      'messaging.consumer.group.name': settings.KOE_GROUP_ID,
      'messaging.batch.message_count': 1,
    },
  });
  const processed = child(`process ${review}`, created);
  expect(processed).toMatchObject({ kind: 'consumer', links: [batch?.spanId] });
  expect(processed?.attributes).toMatchObject({ 'messaging.kafka.offset': 0, 'koe.outcome': 'ok' });

  for (const step of ['decode', 'analyze', 'store', 'publish']) expect(child(step, batch), step).toBeDefined();
  const insert = child('insert records', child('store', batch));
  expect(insert).toMatchObject({
    kind: 'client',
    attributes: {
      'db.system.name': 'mongodb',
      'db.operation.name': 'insert',
      'db.collection.name': 'records',
      'db.namespace': settings.KOE_MONGODB_DATABASE,
    },
  });
  expect(child(`send ${topics.enriched}`, child('publish', batch))).toMatchObject({ links: [processed?.spanId] });

  const [message] = await readTopic(testClient(kafka.brokers), topics.enriched, 1);
  expect(traceparent(message?.headers)).toEqual(['00', processed?.traceId, processed?.spanId, '01']);
});

describe('messages of somebody else', () => {
  beforeAll(async () => {
    const headers = {
      traceparent: `00-${partner.traceId}-${partner.spanId}-01`,
      tracestate: 'vendor=1',
      'koe-correlation-id': 'ticket-42',
    };
    await send([{ value: 'not JSON', headers }, { value: JSON.stringify(rawFeedback({ id: 'untraced' })) }]);
    await until('their batch is reported', () =>
      spans(`receive ${topics.feedback.review}`).some(({ links }) => links.includes(partner.spanId)),
    );
  });

  test('a dead letter continues the trace it was sent in and keeps its other headers', async () => {
    const [letter] = await readTopic(testClient(kafka.brokers), topics.deadLetters, 1);
    const processed = collector.spans.find(({ traceId }) => traceId === partner.traceId);
    expect(processed).toMatchObject({
      parentSpanId: partner.spanId,
      attributes: { 'koe.outcome': 'dead-letter', 'koe.reject.code': 'KOE_NOT_JSON', 'koe.reject.step': 'decode' },
    });
    expect(traceparent(letter?.headers)).toEqual(['00', partner.traceId, processed?.spanId, '01']);
    expect(String(letter?.headers.tracestate)).toBe('vendor=1');
    expect(String(letter?.headers['koe-correlation-id'])).toBe('ticket-42');
  });

  test('a message without a trace is part of its batch', async () => {
    const processed = collector.spans.find(({ name, links }) => name.startsWith('process') && links.length === 0);
    const batch = collector.spans.find(({ spanId }) => spanId === processed?.parentSpanId);
    expect(batch?.name).toBe(`receive ${topics.feedback.review}`);
    const messages = await readTopic(testClient(kafka.brokers), topics.enriched, 2);
    const message = messages.find(({ key }) => key === 'shop/untraced');
    expect(traceparent(message?.headers)).toEqual(['00', batch?.traceId, processed?.spanId, '01']);
  });

  test('log lines name the trace, the batch and the correlation id', () => {
    const rejected = lines.find(({ msg }) => msg === 'a message became a dead letter');
    expect(rejected).toMatchObject({ correlationId: 'ticket-42', trace_id: partner.traceId, code: 'KOE_NOT_JSON' });
    const handled = lines.find(({ msg, batch }) => msg === 'handled a batch' && batch === rejected?.batch);
    expect(handled).toMatchObject({ topic: topics.feedback.review, partition: 0, firstOffset: '1' });
    expect(spans(`receive ${topics.feedback.review}`).map(({ traceId }) => traceId)).toContain(handled?.trace_id);
    const each = lines.filter(({ msg, batch }) => msg === 'handled a message' && batch === rejected?.batch);
    expect(each[0]).toMatchObject({ offset: '1', outcome: 'dead-letter', correlationId: 'ticket-42' });
  });
});

test('what nobody traces, such as refreshing roll-ups, leaves no spans', () => {
  expect(collector.spans.filter(({ kind, parentSpanId }) => kind === 'client' && parentSpanId === '')).toEqual(
    spans(`send ${topics.feedback.review}`),
  );
});

test('spans are counted', async () => {
  const metrics = async () => await (await fetch(`${app.operationsUrl}/metrics`)).text();
  const count = (text: string, name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  await until('all recorded spans are exported', async () => {
    const text = await metrics();
    const recorded = count(text, 'koe_spans_recorded_total');
    return recorded > 0 && recorded === count(text, 'koe_spans_exported_total');
  });
});

test('a worker whose collector is away works and ends as if there were none', async () => {
  const others = uniqueSettings();
  const { review } = topicNames(others.KOE_TOPIC_PREFIX).feedback;
  const away = { ...settings, ...others, KOE_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
  const worker = await startEnrichApp(away, silentLogger);
  const database = await openDatabase({ uri: mongo.uri, database: away.KOE_MONGODB_DATABASE });
  const producer = createProducer(connection);
  const count = 300;
  const value = (id: number) => JSON.stringify(rawFeedback({ id: `away-${id}` }));
  await producer.send(Array.from({ length: count }, (_, id) => ({ topic: review, key: `${id}`, value: value(id) })));
  await until('all are stored', async () => (await database.records.countDocuments()) === count, 20_000);
  const since = performance.now();
  await worker.stop();
  expect(performance.now() - since).toBeLessThan(away.KOE_DRAIN_SECONDS * 1000);
  expect(await worker.ended).toEqual({ kind: 'stopped' });
  await producer.close();
  await database.drop();
  await database.close();
});

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTopics } from '../../../src/app/create-topics.ts';
import { openPipeline } from '../../../src/app/open-pipeline.ts';
import { type Refusal, type ReplayOptions, type ReplayProgress, replay } from '../../../src/app/replay.ts';
import { readSettings } from '../../../src/config/settings.ts';
import { topicNames } from '../../../src/domain/topics.ts';
import { connectKafka, type KafkaConnection } from '../../../src/kafka/connection.ts';
import { createProducer, type MessageProducer } from '../../../src/kafka/producer.ts';
import { topicRanges } from '../../../src/kafka/read-range.ts';
import { createPseudonymKeys } from '../../../src/pipeline/pseudonym.ts';
import { Closing } from '../../../src/runtime/closing.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { testClient } from '../../support/kafka-client.ts';
import { rawFeedback } from '../../support/messages.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { silentLogger } from '../../support/silent-logger.ts';

const closing = new Closing();
let kafka: TestKafka;
let mongo: TestMongo;
let connection: KafkaConnection;
let producer: MessageProducer;
let database: Database;
let handle: Awaited<ReturnType<typeof openPipeline>>;
/** Where the topic ended when the test began. */
let begin: ReadonlyMap<number, bigint>;

const settings = readSettings({
  KOE_MODEL: 'none',
  KOE_ANALYSIS_PROCESSES: '1',
  KOE_BATCH_MESSAGES: '5',
  KOE_TOPIC_PREFIX: `t${Math.random().toString(36).slice(2)}.`,
  KOE_TOPIC_PARTITIONS: '3',
});
const topics = topicNames(settings.KOE_TOPIC_PREFIX);
const topic = topics.feedback.review;

beforeAll(async () => {
  [kafka, mongo] = await Promise.all([startTestKafka(), startTestMongo()]);
  connection = connectKafka({ brokers: kafka.brokers, clientId: 'test' }, silentLogger);
  producer = closing.add(createProducer(connection), (opened) => opened.close());
  database = closing.add(
    await openDatabase({ uri: mongo.uri, database: `koe-test-${process.pid}-replay` }),
    async (opened) => {
      await opened.drop();
      await opened.close();
    },
  );
  await createTopics(connection, topics, settings);
  handle = await openPipeline(settings, {
    topics,
    database,
    producer,
    pseudonymize: createPseudonymKeys(['a key of sixteen characters or more']).pseudonymize,
    observer: { stepTook() {}, fieldsIgnored() {}, saved() {} },
    logger: silentLogger,
    closing,
  });
});

afterAll(async () => {
  await closing.closeAll();
  await Promise.all([kafka.stop(), mongo.close()]);
});

beforeEach(async () => {
  await database.records.deleteMany({});
  begin = new Map((await topicRanges(connection, topic)).map(({ partition, to }) => [partition, to]));
});

async function send(values: readonly (string | null)[]): Promise<void> {
  await producer.send(values.map((value, at) => ({ topic, key: `shop/${at}`, value })));
}

const feedback = (id: string, changes: Record<string, unknown> = {}) => JSON.stringify(rawFeedback({ id, ...changes }));
const many = (count: number) => Array.from({ length: count }, (_, at) => feedback(`r-${at}`));

async function run(
  options: Partial<ReplayOptions> = {},
  onStep: (progress: ReplayProgress) => void = () => {},
): Promise<{ progress: ReplayProgress | undefined; refusals: Refusal[] }> {
  const { signal } = new AbortController();
  const refusals: Refusal[] = [];
  let progress: ReplayProgress | undefined;
  const parts = { settings, connection, handle, logger: silentLogger };
  for await (const step of replay({ topic, from: begin, signal, ...options }, parts)) {
    ({ progress } = step);
    refusals.push(...step.refusals);
    onStep(step.progress);
  }
  return { progress, refusals };
}

const stored = () => database.records.find().sort({ _id: 1 }).toArray();
const held = async (name: string) =>
  Number((await topicRanges(connection, name)).reduce((sum, { from, to }) => sum + to - from, 0n));

test('a second replay changes no record and diverts nothing', async () => {
  const published = await held(topics.enriched);
  await send([...many(12), 'not JSON', null]);
  const first = await run();
  expect(first.progress).toMatchObject({ total: 14, passed: 14, enriched: 12, refused: 1, dropped: { tombstone: 1 } });
  expect(first.progress?.rest.size).toBe(0);
  expect(first.refusals.map(({ rejection }) => rejection.code)).toEqual(['KOE_NOT_JSON']);
  const records = await stored();
  expect(records).toHaveLength(12);
  expect(await run()).toEqual(first);
  expect(await stored()).toEqual(records);
  expect(await held(topics.enriched)).toBe(published + 24);
  expect(await held(topics.deadLetters)).toBe(0);
});

test('a newer revision that is stored stays', async () => {
  await send([feedback('r', { revision: 1 }), feedback('r', { revision: 2, text: '新しい本文です。' })]);
  await run();
  const { progress } = await run();
  expect(progress?.dropped).toEqual({ superseded: 1 });
  expect((await stored()).map(({ text }) => text)).toEqual(['新しい本文です。']);
});

test('an interrupted replay goes on where it ended', async () => {
  await send(many(30));
  const stopping = new AbortController();
  const first = await run({ signal: stopping.signal }, ({ passed }) => {
    if (passed >= 10) stopping.abort();
  });
  const done = first.progress?.enriched ?? 0;
  expect(done).toBeGreaterThanOrEqual(10);
  expect(done).toBeLessThan(30);
  const second = await run({ from: first.progress?.rest ?? begin });
  expect(second.progress).toMatchObject({ enriched: 30 - done, total: 30 - done });
  expect(await stored()).toHaveLength(30);
});

test('a range of time holds its messages, one that came late included, and no others', async () => {
  const client = testClient(kafka.brokers).producer();
  await client.connect();
  const at = (time: string) => String(Date.parse(`2026-11-01T${time}:00Z`));
  const times = ['08:00', '10:00', '11:00', '12:30', '11:30', '14:30', '14:45'];
  const messages = times.map((time) => ({
    value: feedback(time, { channel: 'survey' }),
    timestamp: at(time),
    partition: 0,
  }));
  await client.send({ topic: topics.feedback.survey, messages });
  await client.disconnect();
  await run({ topic: topics.feedback.survey, from: Number(at('10:00')), to: Number(at('12:00')) });
  expect((await stored()).map(({ id }) => id)).toEqual(['10:00', '11:00', '11:30']);
});

test('a rate bounds the speed', async () => {
  await send(many(12));
  const begun = performance.now();
  await run({ perSecond: 20 });
  // The last page need not be waited for.
  expect(performance.now() - begun).toBeGreaterThan(300);
});

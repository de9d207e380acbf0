import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EnrichApp, startEnrichApp } from '../../../src/app/enrich-app.ts';
import { exitCodeOf } from '../../../src/app/exit-code.ts';
import { readSettings, type Settings } from '../../../src/config/settings.ts';
import { jsonSchemaOf } from '../../../src/domain/json-schema.ts';
import { recordSchema } from '../../../src/domain/record.ts';
import { type TopicNames, topicNames } from '../../../src/domain/topics.ts';
import { unwrapFromRegistry, wrapForRegistry } from '../../../src/domain/wire-format.ts';
import { connectKafka, type KafkaConnection } from '../../../src/kafka/connection.ts';
import { createProducer } from '../../../src/kafka/producer.ts';
import { readRanges, topicRanges } from '../../../src/kafka/read-range.ts';
import { createSchemaRegistry } from '../../../src/kafka/schema-registry.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { rawFeedback } from '../../support/messages.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { startSchemaRegistry, type TestSchemaRegistry } from '../../support/schema-registry.ts';
import { silentLogger } from '../../support/silent-logger.ts';
import { uniqueSettings } from '../../support/unique-name.ts';
import { until } from '../../support/until.ts';

const credentials = { username: 'koe', password: 'secret' };
const $schema = 'http://json-schema.org/draft-07/schema#';

let kafka: TestKafka;
let mongo: TestMongo;
let registry: TestSchemaRegistry;
let connection: KafkaConnection;
let settings: Settings;
let topics: TopicNames;

beforeAll(async () => {
  [kafka, mongo, registry] = await Promise.all([
    startTestKafka(),
    startTestMongo(),
    startSchemaRegistry({ credentials }),
  ]);
  connection = connectKafka({ brokers: kafka.brokers, clientId: 'test' }, silentLogger);
});

beforeEach(() => {
  const names = uniqueSettings();
  topics = topicNames(names.KOE_TOPIC_PREFIX);
  settings = readSettings({
    ...names,
    KAFKA_BROKERS: kafka.brokers.join(','),
    MONGODB_URI: mongo.uri,
    KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
    KOE_MODEL: 'none',
    KOE_ANALYSIS_PROCESSES: '1',
    KOE_TOPIC_PARTITIONS: '1',
    KOE_HTTP_PORT: '0',
    KOE_SCHEMA_REGISTRY_URL: registry.url,
    KOE_SCHEMA_REGISTRY_USERNAME: credentials.username,
    KOE_SCHEMA_REGISTRY_PASSWORD: credentials.password,
    KOE_SCHEMA_REGISTRY_WIRE_FORMAT: 'true',
  });
});

afterAll(async () => {
  await Promise.all([kafka.stop(), mongo.close(), registry.close()]);
});

const register = (subject: string, schema: object) =>
  createSchemaRegistry({ url: registry.url, credentials }).register(subject, schema);

async function withWorker(
  use: (app: EnrichApp) => Promise<void>,
  lines: Record<string, unknown>[] = [],
): Promise<void> {
  const sink = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)));
      done();
    },
  });
  const app = await startEnrichApp(settings, createLogger({ level: 'info', name: 'test' }, sink));
  try {
    await use(app);
  } finally {
    await app.stop();
    const database = await openDatabase({ uri: mongo.uri, database: settings.KOE_MONGODB_DATABASE });
    await database.drop();
    await database.close();
  }
}

async function enrichedValues(): Promise<Buffer[]> {
  const values: Buffer[] = [];
  const ranges = await topicRanges(connection, topics.enriched);
  for await (const { messages } of readRanges(connection, topics.enriched, ranges)) {
    values.push(...messages.flatMap(({ value }) => value ?? []));
  }
  return values;
}

test('messages in the wire format come in, and go out under the registered schema', async () => {
  await withWorker(async () => {
    const producer = createProducer(connection);
    const topic = topics.feedback.review;
    await producer.send([
      { topic, key: 'shop/1', value: wrapForRegistry(JSON.stringify(rawFeedback({ id: 'wrapped' })), 9) },
      { topic, key: 'shop/1', value: JSON.stringify(rawFeedback({ id: 'plain' })) },
    ]);
    await producer.close();
    await until('both are published', async () => (await enrichedValues()).length === 2);
    const values = (await enrichedValues()).map((value) => unwrapFromRegistry(value));
    const records = values.map(({ value }) => recordSchema.parse(JSON.parse(value.toString())));
    expect(records.map(({ id }) => id)).toEqual(['wrapped', 'plain']);
    const id = await register(`${topics.enriched}-value`, jsonSchemaOf(recordSchema, '7'));
    expect(values.map(({ schemaId }) => schemaId)).toEqual([id, id]);
  });
});

test('a registry that is away is waited for', async () => {
  const lines: Record<string, unknown>[] = [];
  registry.failNext({ status: 503 }, { status: 500 });
  await withWorker(async () => {}, lines);
  const waits = lines.filter(({ msg }) => msg === 'schema-registry is away; trying again');
  expect(waits).toHaveLength(2);
});

test('a schema that is not compatible ends the worker with 78', async () => {
  await register(`${topics.enriched}-value`, { $schema, type: 'object' });
  const error = await startEnrichApp(settings, silentLogger).catch((reason: unknown) => reason);
  expect(String(error)).toContain('set the compatibility of the subject');
  expect(exitCodeOf(error)).toBe(78);
});

test('what producers have registered and koe may not be able to read is warned of', async () => {
  const lines: Record<string, unknown>[] = [];
  const subject = `${topics.feedback.chat}-value`;
  await register(subject, { $schema, type: 'object', properties: { message: { type: 'string' } } });
  await withWorker(async () => {}, lines);
  const warnings = lines.filter(({ level, objections }) => level === 'warn' && objections !== undefined);
  expect(warnings).toMatchObject([{ subject, objections: expect.arrayContaining([expect.stringContaining('text')]) }]);
});

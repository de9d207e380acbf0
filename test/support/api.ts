import { startApiApp } from '../../src/app/api-app.ts';
import { createTopics } from '../../src/app/create-topics.ts';
import { customerNames } from '../../src/app/customer-names.ts';
import { readSettings } from '../../src/config/settings.ts';
import type { ApiRole } from '../../src/domain/api-key.ts';
import { type TopicNames, topicNames } from '../../src/domain/topics.ts';
import { connectKafka } from '../../src/kafka/connection.ts';
import { createProducer, type MessageProducer } from '../../src/kafka/producer.ts';
import { Closing } from '../../src/runtime/closing.ts';
import { createApiKey } from '../../src/store/api-keys.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { temporaryFolder } from './folder.ts';
import { startTestKafka } from './kafka.ts';
import { startTestMongo } from './mongo.ts';
import { silentLogger } from './silent-logger.ts';
import { uniqueSettings } from './unique-name.ts';

/** A request; a body makes it a POST. */
export interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** An answer. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into JSON whose shape is what they are about
  readonly body: any;
}

/** A running API with a key of every role for the tenant `shop`, and an admin of another tenant, the stranger. */
export interface TestApi {
  readonly url: string;
  readonly database: Database;
  readonly producer: MessageProducer;
  readonly topics: TopicNames;
  readonly keys: Readonly<Record<ApiRole | 'stranger', string>>;
  /** What records call a customer. */
  customer(id: string): string;
  /** Asks with the key of a holder, or with none. */
  ask(path: string, holder?: ApiRole | 'stranger', asked?: Asked): Promise<Answered>;
  close(): Promise<void>;
}

/** Starts an API on servers of its own, or those that suites are told to run on, at a time that stands still. */
export async function startTestApi(now: number, changes: Record<string, string> = {}): Promise<TestApi> {
  const closing = new Closing();
  const folder = closing.add(await temporaryFolder(), (made) => made.remove());
  const kafka = closing.add(await startTestKafka(), (started) => started.stop());
  const mongo = closing.add(await startTestMongo(), (started) => started.close());
  const settings = readSettings({
    ...uniqueSettings(),
    KAFKA_BROKERS: kafka.brokers.join(),
    MONGODB_URI: mongo.uri,
    KOE_PSEUDONYM_KEY: 'k'.repeat(40),
    KOE_DATA_DIR: folder.path,
    KOE_API_PORT: '0',
    KOE_TOPIC_PARTITIONS: '1',
    ...changes,
  });
  const database = closing.add(
    await openDatabase({ uri: mongo.uri, database: settings.KOE_MONGODB_DATABASE }),
    async (opened) => {
      await opened.drop();
      await opened.close();
    },
  );
  const topics = topicNames(settings.KOE_TOPIC_PREFIX);
  const connection = connectKafka({ brokers: kafka.brokers, clientId: 'test' }, silentLogger);
  await createTopics(connection, topics, settings);
  const producer = closing.add(createProducer(connection), (opened) => opened.close());
  const keys = {
    reader: await createApiKey(database, { tenant: 'shop', role: 'reader', name: 'reader' }),
    analyst: await createApiKey(database, { tenant: 'shop', role: 'analyst', name: 'analyst' }),
    admin: await createApiKey(database, { tenant: 'shop', role: 'admin', name: 'admin' }),
    stranger: await createApiKey(database, { tenant: 'other', role: 'admin', name: 'stranger' }),
  };
  const app = closing.add(await startApiApp(settings, silentLogger, () => now), (started) => started.stop());
  return {
    url: app.url,
    database,
    producer,
    topics,
    keys,
    customer: (id) => customerNames(settings)('shop', id),
    ask: (path, holder, asked) => askUrl(`${app.url}${path}`, holder && keys[holder], asked),
    close: async () => {
      const faults = await closing.closeAll();
      if (faults.length > 0) throw new AggregateError(faults, 'not everything could be closed');
    },
  };
}

async function askUrl(url: string, key: string | undefined, asked: Asked = {}): Promise<Answered> {
  const { body, headers = {}, method = body === undefined ? 'GET' : 'POST' } = asked;
  const answer = await fetch(url, {
    method,
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const isEndless = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (isEndless) await answer.body?.cancel();
  const bytes = isEndless ? Buffer.alloc(0) : Buffer.from(await answer.arrayBuffer());
  const isJson = /[/+]json/.test(answer.headers.get('content-type') ?? '') && bytes.length > 0;
  const text = bytes.toString();
  const { status, headers: answered } = answer;
  return { status, headers: answered, bytes, text, body: isJson ? JSON.parse(text) : undefined };
}

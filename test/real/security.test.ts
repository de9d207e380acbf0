import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectKafka, type KafkaSettings } from '../../src/kafka/connection.ts';
import { openDatabase } from '../../src/store/database.ts';
import { runKoe, startKoe } from '../support/koe-process.ts';
import { rawFeedback } from '../support/messages.ts';
import { startTestMongo, type TestMongo } from '../support/mongo.ts';
import { type KafkaService, kafkaVersions, startKafka } from '../support/services/kafka.ts';
import { silentLogger } from '../support/silent-logger.ts';
import { uniqueSettings } from '../support/unique-name.ts';
import { until } from '../support/until.ts';

describe.each(kafkaVersions)('Kafka %s by TLS and SCRAM', (version) => {
  let kafka: KafkaService;
  let mongo: TestMongo;
  beforeAll(async () => {
    [kafka, mongo] = await Promise.all([startKafka(version), startTestMongo()]);
  });
  afterAll(() => Promise.all([kafka.stop(), mongo.close()]));

  /** Lists the topics with settings that are right but for these changes. */
  function listTopics(changes: Partial<KafkaSettings> = {}): Promise<string[]> {
    const { address, authority, user } = kafka.secure;
    const settings: KafkaSettings = {
      brokers: [address],
      clientId: 'test',
      ssl: { ca: readFileSync(authority, 'utf8') },
      sasl: { mechanism: 'scram-sha-512', username: user.name, password: user.password },
      ...changes,
    };
    return connectKafka(settings, silentLogger).admin('list the topics', (admin) => admin.listTopics());
  }

  const scram = (changes: object) => {
    const { name, password } = kafka.secure.user;
    return { sasl: { mechanism: 'scram-sha-512' as const, username: name, password, ...changes } };
  };

  test('lets the right user in', async () => {
    await expect(listTopics()).resolves.toEqual([]);
  });

  // A certificate may differ from broker to broker, so kafkajs tries for 12 s: all of them at the same time.
  test.concurrent.each([
    ['a wrong password', () => scram({ password: 'wrong-horse' }), 'user name, password or SASL mechanism is wrong'],
    ['an unknown user', () => scram({ username: 'nobody' }), 'user name, password or SASL mechanism is wrong'],
    ['a mechanism it does not offer', () => scram({ mechanism: 'scram-sha-256' }), 'SASL mechanism'],
    [
      'another authority',
      () => ({ ssl: { ca: readFileSync(kafka.secure.otherAuthority, 'utf8') } }),
      'KAFKA_SSL_CA_FILE',
    ],
    ['the authorities of the system', () => ({ ssl: true }), 'KAFKA_SSL_CA_FILE'],
    [
      'a name that its certificate does not have',
      () => ({ brokers: [kafka.secure.address.replace('127.0.0.1', 'localhost')] }),
      'KAFKA_BROKERS',
    ],
  ])('refuses %s for good, with a sentence that says so', async (_, changes, sentence) => {
    const error: unknown = await listTopics(changes()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'DependencyError', nature: 'permanent' });
    expect(String(error)).toContain(sentence);
    expect(String(error)).not.toContain('horse');
  });

  function secured(changes: Record<string, string> = {}): Record<string, string> {
    const { address, authority, user } = kafka.secure;
    return {
      KAFKA_BROKERS: address,
      KAFKA_SSL: 'true',
      KAFKA_SSL_CA_FILE: authority,
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: user.name,
      KAFKA_SASL_PASSWORD: user.password,
      MONGODB_URI: mongo.uri,
      KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
      KOE_MODEL: 'none',
      KOE_ANALYSIS_PROCESSES: '1',
      KOE_TOPIC_PARTITIONS: '1',
      KOE_HTTP_PORT: '0',
      ...changes,
    };
  }

  test('carries feedback from koe send through a worker to the store', async () => {
    const names = uniqueSettings();
    const environment = secured(names);
    const worker = startKoe([], { entry: 'workers/enrich', environment });
    await until(`started: ${worker.errors()}`, () => worker.errors().includes('enrich worker started'), 60_000);
    const sent = await runKoe(['send', '-'], { input: `${JSON.stringify(rawFeedback())}\n`, environment });
    expect(sent).toMatchObject({ exit: 0, errors: '1 sent, 0 refused\n' });
    const database = await openDatabase({ uri: mongo.uri, database: names.KOE_MONGODB_DATABASE });
    await until('it is stored', async () => (await database.records.countDocuments()) === 1, 30_000);
    await database.drop();
    await database.close();
    expect(await worker.kill('SIGTERM')).toBe(0);
    expect(worker.errors()).not.toContain('horse');
  });

  test('ends a worker with a wrong password at once with 78', async () => {
    const environment = secured({ KAFKA_SASL_PASSWORD: 'wrong-horse' });
    const worker = startKoe([], { entry: 'workers/enrich', environment });
    expect(await worker.exited).toBe(78);
    const last = JSON.parse(worker.errors().trim().split('\n').at(-1) ?? '{}');
    expect(last).toMatchObject({ level: 'fatal', msg: expect.stringContaining('password') });
    expect(worker.errors()).not.toContain('horse');
  });
});

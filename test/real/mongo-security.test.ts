import { type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestKafka, type TestKafka } from '../support/kafka.ts';
import { type KoeProcess, runKoe, startKoe } from '../support/koe-process.ts';
import { rawFeedback } from '../support/messages.ts';
import { type Certificates, prepareCertificates } from '../support/services/certificates.ts';
import { startSecureSecantus } from '../support/services/secantus.ts';
import type { Service } from '../support/services/service.ts';
import { uniqueSettings } from '../support/unique-name.ts';
import { until } from '../support/until.ts';

const password = 'correct-horse/+@%';
const names = uniqueSettings();
const database = names.KOE_MONGODB_DATABASE;

/** The users of docs/operations.md, and one without any right. */
async function createUsers(address: string): Promise<void> {
  const client = await MongoClient.connect(address);
  const db = client.db(database);
  const resource = { db: database, collection: '' };
  const worker = [
    ...['find', 'insert', 'update', 'remove'],
    ...['listCollections', 'createCollection', 'collMod', 'listIndexes', 'createIndex'],
  ];
  const operator = ['find', 'listCollections', 'listIndexes'];
  const settle = { resource: { db: database, collection: 'dead_letters' }, actions: ['insert', 'update', 'remove'] };
  const commands: Document[] = [
    { createRole: 'koeWorker', privileges: [{ resource, actions: worker }], roles: [] },
    { createRole: 'koeOperator', privileges: [{ resource, actions: operator }, settle], roles: [] },
    { createUser: 'worker', pwd: password, roles: ['koeWorker'] },
    { createUser: 'operator', pwd: password, roles: ['koeOperator'] },
    { createUser: 'analyst', pwd: password, roles: ['read'] },
    { createUser: 'nobody', pwd: password, roles: [] },
  ];
  for (const command of commands) await db.command(command);
  await client.close();
}

let certificates: Certificates;
let kafka: TestKafka;
let mongo: Service;
let expired: Service;
let closed: Service;
beforeAll(async () => {
  certificates = await prepareCertificates();
  const { server, expiredServer, authority } = certificates;
  [kafka, mongo, expired, closed] = await Promise.all([
    startTestKafka(),
    startSecureSecantus({ certificate: server, prepare: createUsers }),
    startSecureSecantus({ certificate: expiredServer }),
    startSecureSecantus({ certificate: server, clientAuthority: authority, prepare: createUsers }),
  ]);
});
afterAll(() => Promise.all([kafka.stop(), mongo.stop(), expired.stop(), closed.stop()]));

/** A connection string with TLS options, as an operator would write it. */
function uriOf(service: Service, options: Record<string, string> = {}): string {
  const uri = new URL(service.address);
  uri.pathname = `/${database}`;
  for (const [name, value] of Object.entries({ tls: 'true', tlsCAFile: certificates.authority, ...options })) {
    uri.searchParams.set(name, value);
  }
  return uri.href;
}

function environmentOf(user: string, changes: Record<string, string> = {}): Record<string, string> {
  return {
    ...names,
    KAFKA_BROKERS: kafka.brokers.join(','),
    MONGODB_URI: uriOf(mongo),
    MONGODB_USERNAME: user,
    MONGODB_PASSWORD: password,
    KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
    KOE_MODEL: 'none',
    KOE_ANALYSIS_PROCESSES: '1',
    KOE_TOPIC_PARTITIONS: '1',
    KOE_HTTP_PORT: '0',
    ...changes,
  };
}

const startWorker = (environment: Record<string, string>): KoeProcess =>
  startKoe([], { entry: 'workers/enrich', environment });

describe('MongoDB by TLS and users', () => {
  test('keeps what a worker of its least rights stores, for an analyst and an operator to read', async () => {
    const worker = startWorker(environmentOf('worker'));
    await until(`started: ${worker.errors()}`, () => worker.errors().includes('enrich worker started'), 60_000);
    const lines = `${JSON.stringify(rawFeedback())}\n`;
    await runKoe(['send', '-'], { input: lines, environment: environmentOf('worker') });
    const analyst = environmentOf('analyst');
    const tenant = ['--tenant', 'shop', '--since', '2000-01-01'];
    const ask = () => runKoe(['pain-points', ...tenant, '--json'], { environment: analyst });
    await until('an analyst reads it', async () => JSON.parse((await ask()).output || '{}').feedback === 1, 60_000);
    expect((await runKoe(['dlq', 'list'], { environment: analyst })).exit).toBe(0);
    const doctor = await runKoe(['doctor'], { environment: analyst });
    expect(doctor.output).toMatch(/ok +mongodb .*collections and indexes in place/);
    const settled = await runKoe(['dlq', 'drop', '--code', 'KOE_NOT_JSON'], { environment: environmentOf('operator') });
    expect(settled).toMatchObject({ exit: 0, output: '0 dropped\n' });
    expect(await worker.kill('SIGTERM')).toBe(0);
  });

  test.concurrent.each([
    ['a wrong password', () => environmentOf('worker', { MONGODB_PASSWORD: 'wrong-horse' }), 'password is wrong'],
    ['an unknown user', () => environmentOf('stranger'), 'user name or password is wrong'],
    ['a user without rights', () => environmentOf('nobody'), 'this user lacks a right'],
    ['a user who may only read', () => environmentOf('analyst'), 'this user lacks a right'],
    [
      'another authority',
      () => environmentOf('worker', { MONGODB_URI: uriOf(mongo, { tlsCAFile: certificates.otherAuthority }) }),
      'by tlsCAFile in MONGODB_URI',
    ],
    ['an expired certificate', () => environmentOf('worker', { MONGODB_URI: uriOf(expired) }), 'has expired'],
    [
      'a name that the certificate does not have',
      () => environmentOf('worker', { MONGODB_URI: uriOf(mongo).replace('127.0.0.1', 'localhost') }),
      'is for another name',
    ],
    [
      'no certificate of its own',
      () => environmentOf('worker', { MONGODB_URI: uriOf(closed) }),
      'wants a client certificate',
    ],
    [
      'a file that is not there',
      () => environmentOf('worker', { MONGODB_URI: uriOf(mongo, { tlsCAFile: '/nonexistent.pem' }) }),
      "open '/nonexistent.pem'",
    ],
  ])('ends a worker with %s at once with 78 and a sentence that says so', async (_, environment, sentence) => {
    const worker = startWorker(environment());
    expect(await worker.exited).toBe(78);
    const last = JSON.parse(worker.errors().trim().split('\n').at(-1) ?? '{}');
    expect(last).toMatchObject({ level: 'fatal', msg: expect.stringContaining(sentence) });
    expect(worker.errors()).not.toContain('horse');
    expect(worker.errors()).not.toContain('trying again');
  });

  test('lets a worker with a certificate of its own in', async () => {
    const uri = uriOf(closed, { tlsCertificateKeyFile: certificates.client });
    const doctor = await runKoe(['doctor'], { environment: environmentOf('worker', { MONGODB_URI: uri }) });
    expect(doctor.output).toMatch(/ok +mongodb .*a worker will create records, rollups/);
  });
});

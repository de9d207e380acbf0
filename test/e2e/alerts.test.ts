import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlertChange, alertChangeSchema } from '../../src/domain/alert.ts';
import { type Feedback, feedbackSchema } from '../../src/domain/feedback.ts';
import { topicNames } from '../../src/domain/topics.ts';
import { connectKafka } from '../../src/kafka/connection.ts';
import { createFeedbackProducer } from '../../src/kafka/feedback-producer.ts';
import { createProducer } from '../../src/kafka/producer.ts';
import { ensureTopics } from '../../src/kafka/topics.ts';
import { queryAlerts } from '../../src/store/alert-query.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type KoeProcess, runKoe, startKoe } from '../support/koe-process.ts';
import { startTestServers, type TestServers } from '../support/server-processes.ts';
import { silentLogger } from '../support/silent-logger.ts';
import { uniqueSettings } from '../support/unique-name.ts';
import { until } from '../support/until.ts';

const minute = 60_000;
const names = uniqueSettings();
const topics = topicNames(names.KOE_TOPIC_PREFIX);
const secret = `whsec_${Buffer.from('koe-key-of-24-bytes-one!').toString('base64')}`;
/** An hour ago, so that every window can be over. */
const start = Math.floor((Date.now() - 90 * minute) / minute) * minute;

let servers: TestServers;
let database: Database;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let environment: Record<string, string>;

beforeAll(async () => {
  [servers, folder] = await Promise.all([startTestServers(), temporaryFolder()]);
  database = await openDatabase({ uri: servers.mongo, database: names.KOE_MONGODB_DATABASE });
  environment = {
    ...names,
    KAFKA_BROKERS: servers.kafka,
    MONGODB_URI: servers.mongo,
    KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
    KOE_MODEL: 'none',
    KOE_ANALYSIS_PROCESSES: '1',
    KOE_HTTP_PORT: '0',
    KOE_ALERT_GROUP_ID: `${names.KOE_GROUP_ID}-alert`,
    KOE_ALERT_CHANNELS: join(folder.path, 'channels.json'),
    KOE_ALERT_ALLOW_PRIVATE: 'true',
    KOE_ALERT_IDLE_SECONDS: '3',
  };
});

afterAll(async () => {
  await database.drop();
  await database.close();
  await Promise.all([servers.close(), folder.remove()]);
});

function complaint(number: number): Feedback {
  return feedbackSchema.parse({
    id: `late-${number}`,
    tenant: 'shop',
    channel: 'chat',
    occurredAt: new Date(start + number * 20_000).toISOString(),
    text: '配送が遅くて困りました。',
    customerId: `customer-${number}`,
  });
}

test('thirty complaints in ten minutes reach a webhook once, signed, though the worker is killed and the receiver fails', async () => {
  const heard: { headers: IncomingHttpHeaders; body: string }[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      heard.push({ headers: request.headers, body });
      response.writeHead(heard.length === 1 ? 500 : 200).end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}/`;
  const channels = [{ id: 'ops', kind: 'webhook', url, secrets: [secret] }];
  await writeFile(join(folder.path, 'channels.json'), JSON.stringify({ channels }));

  const connection = connectKafka({ brokers: servers.kafka.split(','), clientId: 'test' }, silentLogger);
  const all = [...Object.values(topics.feedback), topics.enriched, topics.deadLetters, topics.alerts];
  await ensureTopics(
    connection,
    all.map((name) => ({ name, partitions: 3 })),
  );
  const producer = createProducer(connection);
  const enrich = startKoe([], { entry: 'workers/enrich', environment });
  const feedback = createFeedbackProducer(producer, topics);
  const startAlerting = (): KoeProcess => startKoe([], { entry: 'workers/alert', environment });
  let alerting = startAlerting();
  const watching = startKoe(['alerts', 'watch', '--tenant', 'shop'], { environment });
  await until('somebody watches', () => watching.errors().includes('Watching'), 60_000);
  await feedback.send(Array.from({ length: 15 }, (_, at) => complaint(at)));
  await until(
    `something marked: ${alerting.errors()}`,
    async () => (await database.alertProgress.countDocuments()) > 0,
    90_000,
  );
  expect(await alerting.kill('SIGKILL')).toBe('SIGKILL');
  alerting = startAlerting();
  await feedback.send(Array.from({ length: 15 }, (_, at) => complaint(15 + at)));
  await until(`delivered: ${alerting.errors()}`, () => heard.length >= 2, 90_000);
  await until(
    'the outbox is settled',
    async () => (await database.alertDeliveries.countDocuments({ status: 'waiting' })) === 0,
    30_000,
  );

  const [first, second] = heard;
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  const verified = new Webhook(secret).verify(second?.body ?? '', second?.headers as Record<string, string>);
  const change: AlertChange = alertChangeSchema.parse(verified);
  expect(change).toMatchObject({ type: 'alert.opened', data: { tenant: 'shop', topic: 'delivery', channel: 'chat' } });
  // Event time from the first complaint to the end of the window that fired, and the lateness that is waited for.
  expect(Date.parse(change.data.first.window.until) + 30_000 - start).toBeLessThanOrEqual(5 * minute);

  const spikes = await queryAlerts(database, { tenant: 'shop', rule: 'spike', limit: 10 });
  expect(spikes.map(({ subject }) => subject)).toEqual(['delivery.chat']);
  const id = spikes[0]?.id ?? '';
  const acknowledged = await runKoe(['alerts', 'ack', id, '--tenant', 'shop', '--note', '調査中'], { environment });
  expect(acknowledged).toMatchObject({ exit: 0, output: `${id} is acknowledged\n` });
  await until('it was watched', () => watching.output().includes(`${id} acknowledged by `), 30_000);
  expect(watching.output()).toContain(`${id} opened by koe: `);
  expect(await watching.kill('SIGINT')).toBe(0);
  const shown = await runKoe(['alerts', 'show', id, '--tenant', 'shop'], { environment });
  expect(shown.output).toMatch(/acknowledged by .*: 調査中/);
  const replayed = await runKoe(['alerts', 'test', 'spike', '--tenant', 'shop', '--since', '2h'], { environment });
  expect(replayed.output).toContain('1 alerts');

  expect(await alerting.kill('SIGTERM')).toBe(0);
  expect(await enrich.kill('SIGTERM')).toBe(0);
  await producer.close();
  receiver.close();
});

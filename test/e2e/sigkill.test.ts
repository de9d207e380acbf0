import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Feedback, feedbackSchema } from '../../src/domain/feedback.ts';
import { topicNames } from '../../src/domain/topics.ts';
import { connectKafka } from '../../src/kafka/connection.ts';
import { createFeedbackProducer } from '../../src/kafka/feedback-producer.ts';
import { fetchLag } from '../../src/kafka/lag.ts';
import { createProducer } from '../../src/kafka/producer.ts';
import { ensureTopics } from '../../src/kafka/topics.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { countStaleRollups, verifyRollups } from '../../src/store/rollups.ts';
import { type KoeProcess, startKoe } from '../support/koe-process.ts';
import { startTestServers, type TestServers } from '../support/server-processes.ts';
import { silentLogger } from '../support/silent-logger.ts';
import { uniqueSettings } from '../support/unique-name.ts';
import { until } from '../support/until.ts';

const messages = 5000;
const kills = 3;
const names = uniqueSettings();
const topics = topicNames(names.KOE_TOPIC_PREFIX);
const feedbackTopics = Object.values(topics.feedback);

let servers: TestServers;
let database: Database;

beforeAll(async () => {
  servers = await startTestServers();
  database = await openDatabase({ uri: servers.mongo, database: names.KOE_MONGODB_DATABASE });
});

afterAll(async () => {
  await database.drop();
  await database.close();
  await servers.close();
});

function startWorker(): KoeProcess {
  return startKoe([], {
    entry: 'workers/enrich',
    environment: {
      ...names,
      KAFKA_BROKERS: servers.kafka,
      MONGODB_URI: servers.mongo,
      KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
      KOE_MODEL: 'none',
      KOE_ANALYSIS_PROCESSES: '1',
      KOE_BATCH_MESSAGES: '100',
      KOE_HTTP_PORT: '0',
    },
  });
}

function piece(number: number): Feedback {
  return feedbackSchema.parse({
    id: `piece-${number}`,
    tenant: 'shop',
    channel: (['chat', 'review', 'survey'] as const)[number % 3],
    occurredAt: new Date(Date.UTC(2026, 10, 1) + number * 10_000).toISOString(),
    text: number % 2 === 0 ? '配送が遅くて困りました。' : '値段が安くて満足です。',
    customerId: `customer-${number % 97}`,
  });
}

test('a worker killed three times in mid-batch stores every acknowledged piece exactly once', async () => {
  const connection = connectKafka({ brokers: servers.kafka.split(','), clientId: 'test' }, silentLogger);
  await ensureTopics(
    connection,
    [...feedbackTopics, topics.enriched, topics.deadLetters].map((name) => ({ name, partitions: 3 })),
  );
  const producer = createProducer(connection);
  // Asked all the time, so it must not make the server count.
  const stored = () => database.records.estimatedDocumentCount();
  let worker = startWorker();
  const sending = (async () => {
    const feedback = createFeedbackProducer(producer, topics);
    for (let sent = 0; sent < messages; sent += 250) {
      await feedback.send(Array.from({ length: 250 }, (_, index) => piece(sent + index)));
    }
  })();
  for (let kill = 1; kill <= kills; kill++) {
    const before = await stored();
    const wanted = Math.max(before + 300, kill * 700);
    await until(
      `${wanted} records before kill ${kill}: ${worker.errors()}`,
      async () => (await stored()) >= wanted,
      60_000,
    );
    expect(await worker.kill('SIGKILL')).toBe('SIGKILL');
    expect(await stored()).toBeLessThan(messages);
    worker = startWorker();
  }
  await sending;
  await until(`all records: ${worker.errors()}`, async () => (await stored()) >= messages, 90_000);
  const lag = async () =>
    (await fetchLag(connection, names.KOE_GROUP_ID, feedbackTopics)).reduce((sum, partition) => sum + partition.lag, 0);
  await until('offsets at the end of the log', async () => (await lag()) === 0, 60_000);
  await until('roll-ups up to date', async () => (await countStaleRollups(database)) === 0, 120_000);

  expect(await database.records.countDocuments()).toBe(messages);
  const ids = new Set(await database.records.distinct('id'));
  expect(ids.size).toBe(messages);
  expect(await verifyRollups(database)).toEqual([]);
  const [sum] = await database.rollups
    .aggregate<{ count: number }>([{ $unwind: '$rows' }, { $group: { _id: null, count: { $sum: '$rows.count' } } }])
    .toArray();
  const [recount] = await database.records
    .aggregate<{ count: number }>([{ $unwind: '$topics' }, { $group: { _id: null, count: { $sum: 1 } } }])
    .toArray();
  expect(sum?.count).toBe(recount?.count);
  expect(recount?.count).toBeGreaterThan(0);

  expect(await worker.kill('SIGTERM')).toBe(0);
  await producer.close();
});

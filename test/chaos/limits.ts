import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { topicNames } from '../../src/domain/topics.ts';
import { connectKafka, type KafkaConnection } from '../../src/kafka/connection.ts';
import { ensureTopics } from '../../src/kafka/topics.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { rawFeedback } from '../support/messages.ts';
import { silentLogger } from '../support/silent-logger.ts';
import { until } from '../support/until.ts';
import { type ChaosWorker, chaosWorker } from './chaos-worker.ts';
import { startEmbeddedServer } from './embedded-server.ts';
import { readLogs } from './logs.ts';
import { Observations } from './observations.ts';

const topics = topicNames('koe.');
const million = 1_000_000;
const withinMs = 90_000;
/** How much more memory a worker and its analysis process may take than at rest. */
const mostGrowthMb = 400;

interface Sizes {
  readonly kafka: KafkaConnection;
  readonly database: Database;
  readonly worker: ChaosWorker;
  /** Sends messages as one batch of one partition. */
  readonly sendBatch: (messages: readonly kafkajs.Message[], compression?: kafkajs.CompressionTypes) => Promise<void>;
}

/** What is large, and what has to become of it. */
const cases: readonly { readonly what: string; readonly run: (sizes: Sizes) => Promise<void> }[] = [
  {
    what: '20 messages of 5 MB',
    async run({ database, sendBatch }) {
      for (let at = 0; at < 20; at++) await sendBatch([large(`five-${at}`, 5 * million)]);
      await stored(database, 'five-', 20);
    },
  },
  {
    what: 'a batch of 50 MB',
    async run({ database, sendBatch }) {
      await sendBatch(Array.from({ length: 50 }, (_, at) => large(`fifty-${at}`, million)));
      await stored(database, 'fifty-', 50);
    },
  },
  {
    what: 'a batch that unpacks to 50 MB',
    async run({ database, sendBatch }) {
      const messages = Array.from({ length: 50 }, (_, at) => large(`packed-${at}`, million));
      await sendBatch(messages, kafkajs.CompressionTypes.GZIP);
      await stored(database, 'packed-', 50);
    },
  },
  {
    what: 'headers of 1 MB, on good messages and on bad ones',
    async run({ kafka, database, sendBatch }) {
      const headers = { trace: Buffer.alloc(million, 'h') };
      await sendBatch([{ ...large('headers-1', 10), headers }]);
      await sendBatch([{ key: 'shop/x', value: 'no JSON', headers }]);
      await stored(database, 'headers-', 1);
      const rejected = async () => (await readLogs(kafka, topics)).deadLetters.length === 1;
      await until('the bad message is a dead letter', rejected, withinMs);
    },
  },
  {
    what: 'a message of 6 MB where 5.5 MB are accepted',
    async run({ kafka, sendBatch }) {
      await sendBatch([large('six', 6 * million)]);
      const rejected = async () => (await readLogs(kafka, topics)).deadLetters.length === 2;
      await until('it is a dead letter', rejected, withinMs);
    },
  },
  {
    what: 'a cluster of 10,000 partitions',
    async run({ kafka, database, worker, sendBatch }) {
      const names = Array.from({ length: 10 }, (_, at) => ({ name: `other-${at}`, partitions: 1_000 }));
      await ensureTopics(kafka, names);
      await worker.stop();
      worker.start();
      await sendBatch([large('partitions-1', 10)]);
      await stored(database, 'partitions-', 1);
    },
  },
];

/** Sends what is unusually large and watches what becomes of it and of the worker's memory. */
export async function limits(say: (what: string) => void): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'koe-limits-'));
  const broker = await startEmbeddedServer('kafka', join(folder, 'kafka'));
  const server = await startEmbeddedServer('mongo', join(folder, 'mongo'));
  const uri = `mongodb://127.0.0.1:${server.port}/?directConnection=true`;
  const kafka = connectKafka({ brokers: [`127.0.0.1:${broker.port}`], clientId: 'limits' }, silentLogger);
  const roomy = { partitions: 1, config: { 'max.message.bytes': String(64 * million) } };
  await ensureTopics(
    kafka,
    Object.values(topics.feedback).map((name) => ({ name, ...roomy })),
  );
  const database = await openDatabase({ uri, database: 'koe' });
  const observations = new Observations();
  const worker = chaosWorker({
    name: 'worker',
    command: [join('dist', 'workers', 'enrich.js')],
    environment: {
      KAFKA_BROKERS: `127.0.0.1:${broker.port}`,
      MONGODB_URI: uri,
      KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
      KOE_MODEL: 'none',
      KOE_ANALYSIS_PROCESSES: '1',
      KOE_HTTP_PORT: '0',
      KOE_MAX_MESSAGE_BYTES: String(5.5 * million),
    },
    logFile: join(folder, 'worker.log'),
    observations,
  });
  const producer = kafka.client().producer();
  await producer.connect();
  const sendBatch: Sizes['sendBatch'] = async (messages, compression = kafkajs.CompressionTypes.None) => {
    await producer.send({ topic: topics.feedback.review, compression, messages: [...messages] });
  };

  worker.start();
  await sendBatch([large('first-1', 10)]);
  await stored(database, 'first-', 1);
  const level = worker.residentBytes();
  let well = true;
  for (const { what, run } of cases) {
    const watch = watchMemory(worker);
    const problem = await run({ kafka, database, worker, sendBatch }).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    const growthMb = Math.round((watch.stop() - level) / million);
    say(`${what}: ${problem ?? 'handled'}, ${growthMb} MB more than the ${Math.round(level / million)} MB at rest`);
    well &&= problem === undefined && growthMb <= mostGrowthMb;
  }
  for (const end of observations.unexpectedEnds) say(end);
  await worker.kill();
  await producer.disconnect();
  await database.close();
  await Promise.all([broker.stop(), server.stop()]);
  await rm(folder, { recursive: true });
  return well && observations.unexpectedEnds.length === 0;
}

/** A good message that is large because of a field koe does not know. */
function large(id: string, bytes: number): kafkajs.Message {
  return { key: 'shop/customer-1', value: JSON.stringify(rawFeedback({ id, padding: 'x'.repeat(bytes) })) };
}

async function stored(database: Database, prefix: string, count: number): Promise<void> {
  const found = () => database.records.countDocuments({ id: { $regex: `^${prefix}` } });
  await until(`${count} records ${prefix}`, async () => (await found()) === count, withinMs);
}

function watchMemory(worker: ChaosWorker): { stop(): number } {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, worker.residentBytes());
  }, 200);
  return {
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}

/** How fast the whole pipeline is, without and with the transformer. Needs the compiled koe; prints a Markdown table. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAnalyzer } from '../src/app/analyzer.ts';
import { feedbackSchema } from '../src/domain/feedback.ts';
import { topicNames } from '../src/domain/topics.ts';
import { connectKafka } from '../src/kafka/connection.ts';
import { createFeedbackProducer } from '../src/kafka/feedback-producer.ts';
import { createProducer } from '../src/kafka/producer.ts';
import { ensureTopics } from '../src/kafka/topics.ts';
import { packageRoot } from '../src/runtime/package-root.ts';
import { openDatabase } from '../src/store/database.ts';
import { temporaryFolder } from '../test/support/folder.ts';
import { startKoe, startServer } from '../test/support/koe-process.ts';
import { silentLogger } from '../test/support/silent-logger.ts';

const threads = 2;
const lines = (await readFile(new URL('texts.jsonl', import.meta.url), 'utf8')).trim().split('\n');
const texts = lines.map((line) => (JSON.parse(line) as { text: string }).text);
const modelDir = join(packageRoot(), 'models/encoder');

interface Measured {
  readonly messages: number;
  readonly perSecond: number;
}

/** Fills the topics, starts a worker and measures from the first stored record to the last. */
async function measurePipeline(model: string, messages: number): Promise<Measured> {
  const folder = await temporaryFolder();
  const kafka = await startServer('kafka', join(folder.path, 'kafka'));
  const mongo = await startServer('mongo', join(folder.path, 'mongo'));
  const database = await openDatabase({ uri: mongo.address, database: 'koe' });
  await fill(kafka.address, messages);
  const worker = startKoe([], {
    entry: 'workers/enrich',
    environment: {
      KAFKA_BROKERS: kafka.address,
      MONGODB_URI: mongo.address,
      KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
      KOE_MODEL: model,
      KOE_ANALYSIS_THREADS: String(threads),
      KOE_HTTP_PORT: '0',
      KOE_LOG_LEVEL: 'warn',
    },
  });
  let first = 0;
  while (first === 0) {
    await sleep(10);
    first = await database.records.estimatedDocumentCount();
  }
  const started = performance.now();
  let stored = first;
  while (stored < messages) {
    await sleep(20);
    stored = await database.records.estimatedDocumentCount();
  }
  const seconds = (performance.now() - started) / 1000;
  await worker.kill('SIGTERM');
  await database.close();
  await Promise.all([kafka.kill('SIGTERM'), mongo.kill('SIGTERM')]);
  await rm(folder.path, { recursive: true });
  return { messages, perSecond: (messages - first) / seconds };
}

async function fill(brokers: string, messages: number): Promise<void> {
  const topics = topicNames('koe.');
  const connection = connectKafka({ brokers: [brokers], clientId: 'bench' }, silentLogger);
  const names = [...Object.values(topics.feedback), topics.enriched, topics.deadLetters];
  await ensureTopics(
    connection,
    names.map((name) => ({ name, partitions: 6 })),
  );
  const producer = createProducer(connection);
  const feedback = createFeedbackProducer(producer, topics);
  const now = Date.now();
  for (let sent = 0; sent < messages; sent += 1000) {
    const count = Math.min(1000, messages - sent);
    await feedback.send(
      Array.from({ length: count }, (_, index) =>
        feedbackSchema.parse({
          id: `piece-${sent + index}`,
          tenant: 'shop',
          channel: (['chat', 'review', 'survey'] as const)[index % 3],
          occurredAt: new Date(now - (sent + index) * 10).toISOString(),
          text: texts[(sent + index) % texts.length],
          customerId: `customer-${(sent + index) % 997}`,
          attributes: { region: 'tokyo' },
        }),
      ),
    );
  }
  await producer.close();
}

/** The analyzer on the same texts, as the best it can be fed: texts per second. */
async function measureModel(): Promise<number> {
  const analyzer = await createAnalyzer({ modelDir, threads, textTimeoutMs: 60_000, pipelineVersion: 'bench' });
  await analyzer.analyze(texts.slice(0, 64));
  const started = performance.now();
  const rounds = 6;
  for (let round = 0; round < rounds; round++) await analyzer.analyze(texts);
  const seconds = (performance.now() - started) / 1000;
  await analyzer.close();
  return (rounds * texts.length) / seconds;
}

const without = await measurePipeline('none', 30_000);
const before = await measureModel();
const withModel = await measurePipeline('models/encoder', 3000);
const alone = Math.max(before, await measureModel());
const share = ((100 * withModel.perSecond) / alone).toFixed(0);
console.log(
  [
    '| what | messages | messages per second |',
    '|---|--:|--:|',
    `| pipeline without the transformer | ${without.messages} | ${without.perSecond.toFixed(0)} |`,
    `| pipeline with the transformer | ${withModel.messages} | ${withModel.perSecond.toFixed(0)} |`,
    `| the model alone (analyzer, ${threads} threads) | | ${alone.toFixed(0)} |`,
    '',
    `With the transformer the pipeline reaches ${share} % of the model alone.`,
  ].join('\n'),
);

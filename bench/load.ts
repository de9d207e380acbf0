/** Feedback that waits in Kafka and a worker that takes it, for the benchmarks of the whole pipeline. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { feedbackSchema } from '../src/domain/feedback.ts';
import { topicNames } from '../src/domain/topics.ts';
import { connectKafka } from '../src/kafka/connection.ts';
import { createFeedbackProducer } from '../src/kafka/feedback-producer.ts';
import { createProducer } from '../src/kafka/producer.ts';
import { ensureTopics } from '../src/kafka/topics.ts';
import { type Database, openDatabase } from '../src/store/database.ts';
import { temporaryFolder } from '../test/support/folder.ts';
import { type KoeProcess, startKoe, startServer } from '../test/support/koe-process.ts';
import { silentLogger } from '../test/support/silent-logger.ts';

const lines = readFileSync(new URL('texts.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');

/** Sentences written for koe, 36 to 44 characters each. */
export const texts: readonly string[] = lines.map((line) => (JSON.parse(line) as { text: string }).text);

/** Servers with feedback waiting in them. */
export interface Stage {
  readonly database: Database;
  startWorker(model: string, processes: number): KoeProcess;
  close(): Promise<void>;
}

/** Starts the embedded servers in processes of their own and puts messages into the feedback topics. */
export async function setStage(messages: number): Promise<Stage> {
  const folder = await temporaryFolder();
  const kafka = await startServer('kafka', join(folder.path, 'kafka'));
  const mongo = await startServer('mongo', join(folder.path, 'mongo'));
  const database = await openDatabase({ uri: mongo.address, database: 'koe' });
  await fill(kafka.address, messages);
  return {
    database,
    startWorker: (model, processes) =>
      startKoe([], {
        entry: 'workers/enrich',
        environment: {
          KAFKA_BROKERS: kafka.address,
          MONGODB_URI: mongo.address,
          KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
          KOE_MODEL: model,
          KOE_ANALYSIS_PROCESSES: String(processes),
          KOE_HTTP_PORT: '0',
          KOE_LOG_LEVEL: 'warn',
        },
      }),
    close: async () => {
      await database.close();
      await Promise.all([kafka.kill('SIGTERM'), mongo.kill('SIGTERM')]);
      await folder.remove();
    },
  };
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

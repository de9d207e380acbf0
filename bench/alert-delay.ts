/** How long after the first of many complaints the webhook comes, with real workers and in real time. Needs the compiled koe. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AlertChange, alertChangeSchema } from '../src/domain/alert.ts';
import { feedbackSchema } from '../src/domain/feedback.ts';
import { topicNames } from '../src/domain/topics.ts';
import { connectKafka } from '../src/kafka/connection.ts';
import { createFeedbackProducer } from '../src/kafka/feedback-producer.ts';
import { createProducer } from '../src/kafka/producer.ts';
import { ensureTopics } from '../src/kafka/topics.ts';
import { type Database, openDatabase } from '../src/store/database.ts';
import { createRecordStore } from '../src/store/records.ts';
import { refreshRollups } from '../src/store/rollups.ts';
import { temporaryFolder } from '../test/support/folder.ts';
import { startKoe, startServer } from '../test/support/koe-process.ts';
import { enrichedRecord, topic } from '../test/support/records.ts';
import { silentLogger } from '../test/support/silent-logger.ts';
import { until } from '../test/support/until.ts';

const [minute, day] = [60_000, 86_400_000];
const outage = { complaints: 30, lastsMs: 10 * minute };
const secret = `whsec_${Buffer.from('koe-key-of-24-bytes-one!').toString('base64')}`;
const complaints = [
  '荷物が予定の日に届きません。',
  '配送が遅くて困っています。',
  '昨日届くはずの商品がまだ来ません。',
  '配達が何度も遅れていて残念です。',
  '発送の連絡がなく、届くのが遅すぎます。',
];

/** Two weeks in which somebody speaks of deliveries three times an hour, once of four times unhappily. */
async function storeHistory(database: Database, now: number): Promise<void> {
  const store = createRecordStore(database);
  for (let at = 0; at < 14 * 24 * 3; at += 500) {
    await store.save(
      Array.from({ length: 500 }, (_, more) =>
        enrichedRecord({
          id: `history-${at + more}`,
          tenant: 'shop',
          channel: 'chat',
          occurredAt: new Date(now - 14 * day + (at + more) * 20 * minute).toISOString(),
          topics: [topic('delivery', (at + more) % 4 === 0 ? 'negative' : 'positive')],
        }),
      ).filter(({ occurredAt }) => Date.parse(occurredAt) < now - 90 * minute),
    );
  }
  while ((await refreshRollups(database, 50)) > 0);
}

const folder = await temporaryFolder();
const kafka = await startServer('kafka', join(folder.path, 'kafka'));
const mongo = await startServer('mongo', join(folder.path, 'mongo'));
const database = await openDatabase({ uri: mongo.address, database: 'koe' });
await storeHistory(database, Date.now());
const heard: { at: number; change: AlertChange }[] = [];
const receiver = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => {
    heard.push({ at: Date.now(), change: alertChangeSchema.parse(JSON.parse(body)) });
    response.end();
  });
}).listen(0, '127.0.0.1');
await once(receiver, 'listening');
const address = receiver.address();
const port = address !== null && typeof address !== 'string' ? address.port : 0;
const channel = { id: 'ops', kind: 'webhook', url: `http://127.0.0.1:${port}/`, secrets: [secret] };
await writeFile(join(folder.path, 'channels.json'), JSON.stringify({ channels: [channel] }));
const topics = topicNames('koe.');
const connection = connectKafka({ brokers: [kafka.address], clientId: 'bench' }, silentLogger);
await ensureTopics(
  connection,
  [...Object.values(topics.feedback), topics.enriched, topics.deadLetters, topics.alerts, topics.churn].map((name) => ({
    name,
    partitions: 3,
  })),
);
const environment = {
  KAFKA_BROKERS: kafka.address,
  MONGODB_URI: mongo.address,
  KOE_PSEUDONYM_KEY: 'a key of sixteen characters or more',
  KOE_ANALYSIS_PROCESSES: '1',
  KOE_HTTP_PORT: '0',
  KOE_LOG_LEVEL: 'warn',
  KOE_ALERT_CHANNELS: join(folder.path, 'channels.json'),
  KOE_ALERT_ALLOW_PRIVATE: 'true',
};
const workers = ['workers/enrich', 'workers/alert'].map((entry) => startKoe([], { entry, environment }));
const producer = createProducer(connection);
const feedback = createFeedbackProducer(producer, topics);
const send = (id: string, text: string) =>
  feedback.send([
    feedbackSchema.parse({
      ...{ id, text, tenant: 'shop', channel: 'chat', customerId: `customer-${id}` },
      occurredAt: new Date().toISOString(),
    }),
  ]);
await send('warm-up', '配送が早くて助かりました。');
await until('the workers work', async () => (await database.alertProgress.findOne({ _id: 'shop' })) !== null, 180_000);

const first = Date.now();
let sent = 0;
for (; sent < outage.complaints && heard.length === 0; sent++) {
  await send(`complaint-${sent}`, complaints[sent % complaints.length] ?? '');
  const due = first + ((sent + 1) * outage.lastsMs) / outage.complaints;
  while (Date.now() < due && heard.length === 0) await sleep(50);
}
await until('the webhook came', () => heard.length > 0, 10 * minute);
const [alert] = heard;
if (alert === undefined) throw new Error('no webhook came');
const { data } = alert.change;
const stored = await database.records.find({ id: /^complaint-/ }).toArray();
const negative = stored.filter(({ topics: found }) =>
  found.some(({ id, polarity }) => id === 'delivery' && polarity === 'negative'),
);
const after = (at: number) => `${((at - first) / minute).toFixed(1)} min`;
console.log(
  [
    '| what | after the first complaint |',
    '|---|--:|',
    `| end of the first window that fired (${data.first.observed} negatives, ${data.first.expected} expected) | ${after(Date.parse(data.first.window.until))} |`,
    `| webhook received | ${after(alert.at)} |`,
    '',
    `${sent} of ${outage.complaints} complaints had been sent by then; ${negative.length} of ${stored.length} stored ones count as negative about deliveries. The rule: ${data.rule}, ${data.subject}.`,
  ].join('\n'),
);
await Promise.all(workers.map((worker) => worker.kill('SIGTERM')));
await producer.close();
receiver.close();
await database.close();
await Promise.all([kafka.kill('SIGTERM'), mongo.kill('SIGTERM')]);
await folder.remove();

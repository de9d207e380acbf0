/** How fast kafkajs produces to and consumes from the embedded broker; prints a Markdown table. */
import { Kafka, logLevel } from 'kafkajs';
import { startServerThread } from '../src/embedded/server-thread.ts';
import { temporaryFolder } from '../test/support/folder.ts';

const messages = 200_000;
const batch = 1000;
const value = Buffer.alloc(300, 'x');

const folder = await temporaryFolder();
const server = await startServerThread('embedded-kafka', { dataDir: folder.path });
const kafka = new Kafka({ brokers: [`${server.host}:${server.port}`], logLevel: logLevel.NOTHING });
const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ topics: [{ topic: 'bench', numPartitions: 6 }], waitForLeaders: true });
await admin.disconnect();

const producer = kafka.producer();
await producer.connect();
const produceStarted = performance.now();
for (let sent = 0; sent < messages; sent += batch) {
  const list = Array.from({ length: batch }, (_, index) => ({ key: String(sent + index), value }));
  await producer.send({ topic: 'bench', acks: -1, messages: list });
}
const produceSeconds = (performance.now() - produceStarted) / 1000;
await producer.disconnect();

const consumer = kafka.consumer({ groupId: 'bench' });
await consumer.connect();
await consumer.subscribe({ topic: 'bench', fromBeginning: true });
let seen = 0;
let first = 0;
const done = new Promise<number>((resolve) => {
  consumer
    .run({
      eachBatch: async ({ batch: fetched }) => {
        first ||= performance.now();
        seen += fetched.messages.length;
        if (seen >= messages) resolve(performance.now());
      },
    })
    .catch((error: unknown) => {
      throw error;
    });
});
const consumeSeconds = ((await done) - first) / 1000;
await consumer.disconnect();
await server.close();
await folder.remove();

console.log(
  [
    '| what | messages per second |',
    '|---|--:|',
    `| produce, ${batch} a request, acknowledged | ${(messages / produceSeconds).toFixed(0)} |`,
    `| consume in a group | ${(messages / consumeSeconds).toFixed(0)} |`,
  ].join('\n'),
);

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRecordPublisher } from '../../../src/app/record-publisher.ts';
import { connectKafka } from '../../../src/kafka/connection.ts';
import { createProducer } from '../../../src/kafka/producer.ts';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { readTopic, testClient } from '../../support/kafka-client.ts';
import { enrichedRecord } from '../../support/records.ts';
import { silentLogger } from '../../support/silent-logger.ts';
import { uniqueName } from '../../support/unique-name.ts';

let server: TestKafka;
beforeAll(async () => {
  server = await startTestKafka();
});
afterAll(() => server.stop());

test('records that the topic does not take are told, the others are published in their order', async () => {
  const topic = uniqueName('small');
  const kafka = testClient(server.brokers);
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic, numPartitions: 1, configEntries: [{ name: 'max.message.bytes', value: '20000' }] }],
  });
  await admin.disconnect();
  const text = (id: string) => (['c', 'f'].includes(id) ? randomBytes(40_000).toString('base64') : '短い');
  const records = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => enrichedRecord({ id, text: text(id) }));
  const producer = createProducer(connectKafka({ brokers: server.brokers, clientId: 'test' }, silentLogger));
  const refused = await createRecordPublisher(producer, topic).publish(records);
  await producer.close();
  expect(refused).toEqual([records[2], records[5]]);
  const seen = (await readTopic(kafka, topic, 5)).map(({ key }) => key);
  // What went with one that is too large may come twice; the last of each counts.
  expect([...new Set(seen)]).toEqual(['shop/a', 'shop/b', 'shop/d', 'shop/e', 'shop/g']);
});

import type { Kafka, KafkaJSProtocolError, Transaction } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { readTopic, testClient } from '../../support/kafka-client.ts';
import { uniqueName } from '../../support/unique-name.ts';
import { until } from '../../support/until.ts';

let server: TestKafka;
let kafka: Kafka;
beforeAll(async () => {
  server = await startTestKafka();
  kafka = testClient(server.brokers);
});
afterAll(() => server.stop());

/** Creates a topic that only one test uses; its name serves as transactional id and group, too. */
async function createTopic(base: string, numPartitions = 1) {
  const topic = uniqueName(base);
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions }] });
  await admin.disconnect();
  return topic;
}

async function transactional(transactionalId: string, transactionTimeout = 10_000) {
  const producer = kafka.producer({ transactionalId, transactionTimeout, maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  return producer;
}

/** Brokers acknowledge the end of a transaction before they carry it out; kafkajs waits for that with messages, not with offsets. */
async function sendOffsets(transaction: Transaction, offsets: Parameters<Transaction['sendOffsets']>[0]) {
  await until('the transaction before has ended', () =>
    transaction.sendOffsets(offsets).then(
      () => true,
      (error: KafkaJSProtocolError) => {
        if (error.type !== 'CONCURRENT_TRANSACTIONS') throw error;
        return false;
      },
    ),
  );
}

describe('transactions', () => {
  it('show committed messages and hide aborted ones from read_committed', async () => {
    const topic = await createTopic('mixed', 2);
    const producer = await transactional(topic);
    for (const [value, commit] of [
      ['one', true],
      ['two', false],
      ['three', true],
    ] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [0, 1].map((partition) => ({ partition, value })) });
      await (commit ? transaction.commit() : transaction.abort());
    }
    await producer.disconnect();
    const committed = (await readTopic(kafka, topic, 4)).map(({ value }) => value);
    expect(committed.toSorted()).toEqual(['one', 'one', 'three', 'three']);
    const all = (await readTopic(kafka, topic, 6, { readUncommitted: true })).map(({ value }) => value);
    expect(all.toSorted()).toEqual(['one', 'one', 'three', 'three', 'two', 'two']);
  });

  it('hold read_committed back at the first open one', async () => {
    const topic = await createTopic('held');
    const producer = await transactional(topic);
    const open = await producer.transaction();
    await open.send({ topic, messages: [{ value: 'in the transaction' }] });
    const plain = kafka.producer();
    await plain.connect();
    await plain.send({ topic, messages: [{ value: 'plain' }] });
    await plain.disconnect();
    expect(await readTopic(kafka, topic, 2, { readUncommitted: true })).toHaveLength(2);
    const reading = readTopic(kafka, topic, 2);
    const early = await Promise.race([
      reading,
      readTopic(kafka, topic, 2, { readUncommitted: true }).then(() => 'held'),
    ]);
    expect(early).toBe('held');
    await open.commit();
    expect((await reading).map(({ value }) => value)).toEqual(['in the transaction', 'plain']);
    await producer.disconnect();
  });

  it('carry the commits of a group, or drop them', async () => {
    const topic = await createTopic('carried');
    const admin = kafka.admin();
    await admin.connect();
    const committed = async () => {
      const [found] = await admin.fetchOffsets({ groupId: topic, topics: [topic] });
      return found?.partitions[0]?.offset;
    };
    const offsets = (offset: string) => ({
      consumerGroupId: topic,
      topics: [{ topic, partitions: [{ partition: 0, offset }] }],
    });
    const producer = await transactional(topic);
    const first = await producer.transaction();
    await sendOffsets(first, offsets('5'));
    expect(await committed()).toBe('-1');
    await first.commit();
    await until('the commit to show', async () => (await committed()) === '5');
    const second = await producer.transaction();
    await sendOffsets(second, offsets('9'));
    await second.abort();
    expect(await committed()).toBe('5');
    await Promise.all([producer.disconnect(), admin.disconnect()]);
  });

  it('fence the earlier producer of the same id and abort what it left open', async () => {
    const topic = await createTopic('overtaken');
    const old = await transactional(topic);
    const open = await old.transaction();
    await open.send({ topic, messages: [{ value: 'left open' }] });
    const next = await transactional(topic);
    const transaction = await next.transaction();
    await transaction.send({ topic, messages: [{ value: 'of the next' }] });
    await transaction.commit();
    const refused = await open
      .send({ topic, messages: [{ value: 'too late' }] })
      .then(() => undefined)
      .catch((error: KafkaJSProtocolError) => error.type);
    expect(refused).toBe('INVALID_PRODUCER_EPOCH');
    expect((await readTopic(kafka, topic, 1)).map(({ value }) => value)).toEqual(['of the next']);
    await Promise.all([old.disconnect(), next.disconnect()]);
  });

  it('are aborted after their timeout', async () => {
    const topic = await createTopic('timed-out');
    const producer = await transactional(topic, 300);
    const open = await producer.transaction();
    await open.send({ topic, messages: [{ value: 'never committed' }] });
    const plain = kafka.producer();
    await plain.connect();
    await plain.send({ topic, messages: [{ value: 'plain' }] });
    const values = (await readTopic(kafka, topic, 1)).map(({ value }) => value);
    expect(values).toEqual(['plain']);
    await expect(open.commit()).rejects.toThrow();
    await Promise.all([producer.disconnect(), plain.disconnect()]);
  });
});

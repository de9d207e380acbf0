import { CompressionTypes, type Kafka, type KafkaJSProtocolError, type Message } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { listen, readTopic, testClient } from '../../support/kafka-client.ts';
import { uniqueName } from '../../support/unique-name.ts';
import { until } from '../../support/until.ts';

let server: TestKafka;
let kafka: Kafka;
beforeAll(async () => {
  server = await startTestKafka();
  kafka = testClient(server.brokers);
});
afterAll(() => server.stop());

/** Creates a topic that only one test uses; resolves with its whole name. */
async function createTopic(base: string, numPartitions = 1, settings: Record<string, string> = {}) {
  const topic = uniqueName(base);
  const admin = kafka.admin();
  await admin.connect();
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  await admin.createTopics({ topics: [{ topic, numPartitions, configEntries }] });
  await admin.disconnect();
  return topic;
}

async function send(topic: string, messages: Message[], options: object = {}) {
  const producer = kafka.producer();
  await producer.connect();
  try {
    return await producer.send({ topic, messages, ...options });
  } finally {
    await producer.disconnect();
  }
}

describe('messages', () => {
  it('come back as they were sent: keys, headers, empty values and tombstones', async () => {
    const topic = await createTopic('as-sent');
    await send(topic, [
      {
        key: '店舗',
        value: '画面が見にくい🙏',
        headers: { trace: 'abc', twice: ['1', '2'] },
        timestamp: '1700000000000',
      },
      { key: null, value: 'no key' },
      { key: 'gone', value: null },
      { key: '', value: '' },
    ]);
    const seen = await readTopic(kafka, topic, 4);
    expect(seen.map(({ key, value }) => [key, value])).toEqual([
      ['店舗', '画面が見にくい🙏'],
      [null, 'no key'],
      ['gone', null],
      ['', ''],
    ]);
    expect(seen.map(({ offset }) => offset)).toEqual([0, 1, 2, 3]);
    expect(seen[0]?.timestamp).toBe(1_700_000_000_000);
    expect(String(seen[0]?.headers.trace)).toBe('abc');
    expect(seen[0]?.headers.twice?.toString()).toBe('1,2');
  });

  it('keep the order of their key over many batches and partitions', async () => {
    const topic = await createTopic('ordered', 3);
    const producer = kafka.producer();
    await producer.connect();
    for (let batch = 0; batch < 20; batch++) {
      const messages = Array.from({ length: 100 }, (_, index) => ({
        key: `k${index % 7}`,
        value: `${batch * 100 + index}`,
      }));
      await producer.send({ topic, messages });
    }
    await producer.disconnect();
    const seen = await readTopic(kafka, topic, 2000);
    expect(seen).toHaveLength(2000);
    expect(new Set(seen.map(({ partition }) => partition)).size).toBeGreaterThan(1);
    for (let key = 0; key < 7; key++) {
      const values = seen.filter((message) => message.key === `k${key}`).map(({ value }) => Number(value));
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
  });

  it('pass through compressed', async () => {
    const topic = await createTopic('zipped');
    const value = '同じことば'.repeat(1000);
    await send(topic, [{ value }, { value: 'second' }], { compression: CompressionTypes.GZIP });
    const seen = await readTopic(kafka, topic, 2);
    expect(seen.map((message) => message.value)).toEqual([value, 'second']);
  });

  it('get the time of the broker where the topic says so', async () => {
    const topic = await createTopic('stamped', 1, { 'message.timestamp.type': 'LogAppendTime' });
    const before = Date.now();
    await send(topic, [{ value: 'x', timestamp: '1000' }]);
    const [message] = await readTopic(kafka, topic, 1);
    expect(message?.timestamp).toBeGreaterThanOrEqual(before);
    expect(message?.timestamp).toBeLessThanOrEqual(Date.now());
  });

  it('are refused when they are too large for the topic', async () => {
    const topic = await createTopic('small', 1, { 'max.message.bytes': '1000' });
    const error = await send(topic, [{ value: 'x'.repeat(2000) }]).catch((cause: unknown) => cause);
    expect((error as KafkaJSProtocolError).type).toBe('MESSAGE_TOO_LARGE');
    await send(topic, [{ value: 'fits' }]);
    const seen = await readTopic(kafka, topic, 1);
    expect(seen.map(({ value }) => value)).toEqual(['fits']);
  });

  it('arrive without acknowledgements too', async () => {
    const topic = await createTopic('unacknowledged');
    await send(topic, [{ value: 'a' }, { value: 'b' }], { acks: 0 });
    expect((await readTopic(kafka, topic, 2)).map(({ value }) => value)).toEqual(['a', 'b']);
  });

  it('larger than what a consumer asks for still reach it', async () => {
    const topic = await createTopic('large');
    const value = 'x'.repeat(500_000);
    await send(topic, [{ value }]);
    await send(topic, [{ value: 'after' }]);
    const consumer = kafka.consumer({
      groupId: topic,
      maxBytesPerPartition: 1000,
      maxBytes: 1000,
      maxWaitTimeInMs: 100,
    });
    const lengths: number[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void lengths.push(message.value?.length ?? 0) });
    await until('both messages', () => lengths.length === 2);
    await consumer.disconnect();
    expect(lengths).toEqual([500_000, 5]);
  });

  it('are found by time', async () => {
    const topic = await createTopic('timed');
    const messages = [1000, 2000, 3000].map((time) => ({
      value: String(time),
      timestamp: String(1_700_000_000_000 + time),
    }));
    await send(topic, messages);
    await send(topic, [{ value: '4000', timestamp: '1700000004000' }], { compression: CompressionTypes.GZIP });
    const admin = kafka.admin();
    await admin.connect();
    const at = async (time: number) => (await admin.fetchTopicOffsetsByTimestamp(topic, time))[0]?.offset;
    expect(await at(1_700_000_000_000)).toBe('0');
    expect(await at(1_700_000_002_000)).toBe('1');
    expect(await at(1_700_000_002_001)).toBe('2');
    expect(await at(1_700_000_004_000)).toBe('3');
    expect(await at(1_700_000_009_000)).toBe('4'); // kafkajs answers with the end when nothing is that new
    await admin.disconnect();
  });

  it('are read from where a consumer seeks to', async () => {
    const topic = await createTopic('sought');
    await send(
      topic,
      Array.from({ length: 10 }, (_, index) => ({ value: String(index) })),
    );
    const listener = await listen(kafka, topic, topic);
    await until('the first pass', () => listener.seen.length === 10);
    listener.consumer.seek({ topic, partition: 0, offset: '7' });
    await until('the second pass', () => listener.seen.length === 13);
    await listener.stop();
    expect(listener.seen.slice(10).map(({ value }) => value)).toEqual(['7', '8', '9']);
  });

  it('of an idempotent producer are each there once', async () => {
    const topic = await createTopic('once', 2);
    const producer = kafka.producer({ idempotent: true });
    await producer.connect();
    for (let index = 0; index < 50; index++) await producer.send({ topic, messages: [{ value: String(index) }] });
    await producer.disconnect();
    const values = (await readTopic(kafka, topic, 50)).map(({ value }) => Number(value));
    expect(values.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });
});

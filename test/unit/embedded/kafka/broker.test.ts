import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KafkaJSProtocolError } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type EmbeddedKafka,
  type EmbeddedKafkaOptions,
  startEmbeddedKafka,
} from '../../../../src/embedded/kafka/broker.ts';
import { freshFolder } from '../../../support/kafka.ts';
import { testClient } from '../../../support/kafka-client.ts';
import { until } from '../../../support/until.ts';

let folder: string;
let brokers: EmbeddedKafka[] = [];
beforeEach(async () => {
  folder = await freshFolder();
});
afterEach(async () => {
  await Promise.all(brokers.map((broker) => broker.close()));
  brokers = [];
  await rm(folder, { recursive: true });
});

async function start(options: Partial<EmbeddedKafkaOptions> = {}) {
  const broker = await startEmbeddedKafka({ dataDir: join(folder, 'data'), ...options });
  brokers.push(broker);
  return { broker, kafka: testClient([broker.address]) };
}

async function send(kafka: ReturnType<typeof testClient>, topic: string, value: string) {
  const producer = kafka.producer({ retry: { retries: 0 } });
  await producer.connect();
  try {
    return await producer.send({ topic, messages: [{ value }] });
  } finally {
    await producer.disconnect();
  }
}

/** The protocol's name of why a request failed, looking through kafkajs's retries. */
async function refusal(request: Promise<unknown>): Promise<string | undefined> {
  const error = await request.then(
    () => undefined,
    (cause: Error) => cause,
  );
  return ((error?.cause ?? error) as KafkaJSProtocolError | undefined)?.type;
}

describe('an embedded broker', () => {
  it('makes the topics that are asked for, with its number of partitions', async () => {
    const { kafka } = await start({ defaultPartitions: 3 });
    await send(kafka, 'wanted', 'x');
    const admin = kafka.admin();
    await admin.connect();
    expect(await admin.fetchTopicOffsets('wanted')).toHaveLength(3);
    await admin.disconnect();
  });

  it('makes none when it is told not to', async () => {
    const { kafka } = await start({ autoCreateTopics: false });
    expect(await refusal(send(kafka, 'unwanted', 'x'))).toBe('UNKNOWN_TOPIC_OR_PARTITION');
  });

  it('refuses batches that are larger than it is told to take', async () => {
    const { kafka } = await start({ maxMessageBytes: 1000 });
    expect(await refusal(send(kafka, 't', 'x'.repeat(2000)))).toBe('MESSAGE_TOO_LARGE');
    expect(await refusal(send(kafka, 't', 'x'))).toBeUndefined();
  });

  it('applies retention by itself', async () => {
    const { kafka } = await start({ retentionCheckMs: 20 });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'brief', configEntries: [{ name: 'retention.ms', value: '1' }] }] });
    await send(kafka, 'brief', 'x');
    await until('the message to go', async () => (await admin.fetchTopicOffsets('brief'))[0]?.low === '1');
    await admin.disconnect();
  });

  it('leaves its folder free when its port is taken, and when it is closed twice', async () => {
    const { broker } = await start();
    const other = join(folder, 'other');
    await expect(start({ dataDir: other, port: broker.port })).rejects.toThrow('EADDRINUSE');
    const { broker: next } = await start({ dataDir: other });
    await next.close();
    await next.close();
    await start({ dataDir: other });
  });

  it('closes at once while clients wait for more', async () => {
    const { broker, kafka } = await start();
    await send(kafka, 't', 'x');
    const consumer = kafka.consumer({ groupId: 'g', maxWaitTimeInMs: 5000, retry: { retries: 0 } });
    await consumer.connect();
    await consumer.subscribe({ topic: 't' });
    const fetching = new Promise((resolve) => consumer.on(consumer.events.FETCH_START, resolve));
    await consumer.run({ eachMessage: async () => {} });
    await fetching;
    const started = performance.now();
    await broker.close(); // while the fetch waits for more
    expect(performance.now() - started).toBeLessThan(2000);
    await consumer.disconnect();
  });
});

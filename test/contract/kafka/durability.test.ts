import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedKafka } from '../../../src/embedded/kafka/broker.ts';
import { freshFolder } from '../../support/kafka.ts';
import { listen, readTopic, testClient } from '../../support/kafka-client.ts';
import { until } from '../../support/until.ts';

const script = fileURLToPath(new URL('../../support/embedded-kafka-process.ts', import.meta.url));

let dataDir: string;
let kills: (() => Promise<void>)[] = [];
beforeEach(async () => {
  dataDir = await freshFolder();
});
afterEach(async () => {
  await Promise.all(kills.map((kill) => kill()));
  kills = [];
  await rm(dataDir, { recursive: true });
});

/** Starts a broker in a process of its own; `kill` is SIGKILL. */
async function startProcess(port = 0) {
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [address] = (await once(createInterface(child.stdout), 'line')) as [string];
  const exited = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  kills.push(kill);
  return { address, pid: child.pid, kill };
}

describe('an embedded broker', () => {
  it.each([false, true])('has everything again after a restart on the same folder (fsync: %s)', async (fsync) => {
    const first = await startEmbeddedKafka({ dataDir, fsync });
    const kafka = testClient([first.address]);
    const admin = kafka.admin();
    await admin.connect();
    const configEntries = [{ name: 'retention.ms', value: '-1' }];
    await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 2, configEntries }, { topic: 'dropped' }] });
    await admin.deleteTopics({ topics: ['dropped'] });
    const producer = kafka.producer();
    await producer.connect();
    const messages = Array.from({ length: 20 }, (_, index) => ({ partition: index % 2, value: String(index) }));
    await producer.send({ topic: 'kept', messages });
    const listener = await listen(kafka, 'kept', 'keeper');
    await until('all messages', () => listener.seen.length === 20);
    await listener.stop();
    await admin.fetchTopicOffsets('kept');
    await admin.deleteTopicRecords({ topic: 'kept', partitions: [{ partition: 0, offset: '3' }] });
    await Promise.all([producer.disconnect(), admin.disconnect()]);
    await first.close();

    const second = await startEmbeddedKafka({ dataDir });
    try {
      const again = testClient([second.address]);
      const reader = again.admin();
      await reader.connect();
      expect(await reader.listTopics()).toEqual(['kept']);
      const offsets = await reader.fetchTopicOffsets('kept');
      expect(offsets.map(({ low, high }) => [low, high])).toEqual([
        ['3', '10'],
        ['0', '10'],
      ]);
      const [committed] = await reader.fetchOffsets({ groupId: 'keeper', topics: ['kept'] });
      expect(committed?.partitions.map(({ offset }) => offset)).toEqual(['10', '10']);
      await reader.disconnect();
      expect(await readTopic(again, 'kept', 17)).toHaveLength(17);
    } finally {
      await second.close();
    }
  });

  it('loses nothing it acknowledged when its process is killed', async () => {
    let broker = await startProcess();
    const port = Number(broker.address.split(':')[1]);
    const kafka = testClient([broker.address]);
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'survives', numPartitions: 2 }] });
    await admin.disconnect();
    const acknowledged = new Set<string>();
    const committed = new Map<number, number>();
    let next = 0;
    for (let round = 0; round < 2; round++) {
      const before = committed.get(0) ?? 0;
      let killed = false;
      const producer = kafka.producer({ idempotent: true, retry: { retries: 1 } });
      await producer.connect();
      const consumer = kafka.consumer({ groupId: 'survivor', retry: { retries: 0 }, maxWaitTimeInMs: 50 });
      await consumer.connect();
      await consumer.subscribe({ topic: 'survives', fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachMessage: async ({ topic, partition, message }) => {
          const offset = Number(message.offset) + 1;
          await consumer.commitOffsets([{ topic, partition, offset: String(offset) }]);
          if (!killed) committed.set(partition, offset); // kafkajs swallows a failed commit while it stops
        },
      });
      const producing = (async () => {
        while (!killed) {
          const values = Array.from({ length: 10 }, () => String(next++));
          const messages = values.map((value) => ({ key: value, value }));
          const sent = await producer.send({ topic: 'survives', messages }).catch(() => undefined);
          if (sent !== undefined) for (const value of values) acknowledged.add(value);
        }
      })();
      await until(
        'commits in this round',
        () => (committed.get(0) ?? 0) > before && acknowledged.size > (round + 1) * 100,
      );
      await broker.kill(); // while requests are on their way
      killed = true;
      await producing;
      await Promise.allSettled([consumer.disconnect(), producer.disconnect()]);
      broker = await startProcess(port);
    }
    const reader = kafka.admin();
    await reader.connect();
    const [offsets] = await reader.fetchOffsets({ groupId: 'survivor', topics: ['survives'] });
    for (const { partition, offset } of offsets?.partitions ?? []) {
      expect(Number(offset)).toBeGreaterThanOrEqual(committed.get(partition) ?? -1);
    }
    const ends = await reader.fetchTopicOffsets('survives');
    await reader.disconnect();
    const total = ends.reduce((sum, { high }) => sum + Number(high), 0);
    const values = (await readTopic(kafka, 'survives', total)).map(({ value }) => value);
    expect(new Set(values).size).toBe(values.length); // and nothing is there twice
    expect([...acknowledged].filter((value) => !values.includes(value))).toEqual([]);
  });

  it('ends a transaction that was open when its process was killed', async () => {
    const broker = await startProcess();
    const kafka = testClient([broker.address]);
    const producer = kafka.producer({ transactionalId: 'cut', transactionTimeout: 1500, maxInFlightRequests: 1 });
    await producer.connect();
    const committed = await producer.transaction();
    await committed.send({ topic: 'cut', messages: [{ value: 'committed' }] });
    await committed.commit();
    const open = await producer.transaction();
    await open.send({ topic: 'cut', messages: [{ value: 'open' }] });
    await broker.kill();
    await producer.disconnect().catch(() => undefined);
    const again = await startEmbeddedKafka({ dataDir });
    try {
      const client = testClient([again.address]);
      const plain = client.producer();
      await plain.connect();
      await plain.send({ topic: 'cut', messages: [{ value: 'later' }] });
      await plain.disconnect();
      const values = (await readTopic(client, 'cut', 2)).map(({ value }) => value);
      expect(values).toEqual(['committed', 'later']);
    } finally {
      await again.close();
    }
  });

  it('keeps other brokers off its folder while it lives, and no longer', async () => {
    const owner = await startProcess();
    await expect(startEmbeddedKafka({ dataDir })).rejects.toThrow(`in use by process ${owner.pid}`);
    await owner.kill();
    const next = await startEmbeddedKafka({ dataDir });
    await expect(startEmbeddedKafka({ dataDir })).rejects.toThrow('in use');
    await next.close();
    await (await startEmbeddedKafka({ dataDir })).close();
  });
});

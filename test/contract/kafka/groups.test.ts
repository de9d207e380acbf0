import type { Kafka } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { listen, testClient } from '../../support/kafka-client.ts';
import { uniqueName } from '../../support/unique-name.ts';
import { until } from '../../support/until.ts';

let server: TestKafka;
let kafka: Kafka;
beforeAll(async () => {
  server = await startTestKafka();
  kafka = testClient(server.brokers);
});
afterAll(() => server.stop());

/** Fills a topic that only one test uses; its name serves as group id, too. */
async function fill(base: string, partitions: number, each: number) {
  const topic = uniqueName(base);
  const admin = kafka.admin();
  const producer = kafka.producer();
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] });
  for (let partition = 0; partition < partitions; partition++) {
    const messages = Array.from({ length: each }, (_, index) => ({ partition, value: `${partition}-${index}` }));
    await producer.send({ topic, messages });
  }
  await Promise.all([admin.disconnect(), producer.disconnect()]);
  return { topic, group: topic };
}

describe('groups', () => {
  it('share the partitions between two members, and give them to the one that stays', async () => {
    const { topic, group } = await fill('shared', 4, 5);
    const first = await listen(kafka, topic, group);
    await until('all messages', () => first.seen.length === 20);
    expect(first.assigned().toSorted()).toEqual([0, 1, 2, 3]);
    const second = await listen(kafka, topic, group);
    await until('two partitions each', () => first.assigned().length === 2 && second.assigned().length === 2);
    expect([...first.assigned(), ...second.assigned()].toSorted()).toEqual([0, 1, 2, 3]);
    await first.stop();
    await until('all partitions again', () => second.assigned().length === 4);
    expect(second.seen).toEqual([]); // everything was committed by the first
    await second.stop();
  });

  it('expel a member that is silent for its session timeout', async () => {
    const { topic, group } = await fill('silent', 2, 1);
    const listener = await listen(kafka, topic, group);
    await until('the first messages', () => listener.seen.length === 2);
    const stuck = kafka.consumer({ groupId: group, sessionTimeout: 6000, heartbeatInterval: 100 });
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let holding = false;
    await stuck.connect();
    await stuck.subscribe({ topic });
    await stuck.run({
      eachMessage: () => {
        holding = true; // and no heartbeat is sent while the handler runs
        return released;
      },
    });
    await until('one partition each', () => listener.assigned().length === 1);
    const producer = kafka.producer();
    await producer.connect();
    const messages = [0, 1].map((partition) => ({ partition, value: 'more' }));
    await producer.send({ topic, messages });
    await producer.disconnect();
    await until('the other member to be stuck', () => holding);
    await until('both partitions', () => listener.assigned().length === 2, 15_000);
    await until('the message the other one held', () => listener.seen.length >= 4);
    release();
    await Promise.all([listener.stop(), stuck.disconnect()]);
  });

  it('go on from their commits', async () => {
    const { topic, group } = await fill('resumed', 1, 10);
    const first = await listen(kafka, topic, group, { autoCommit: false });
    await until('all messages', () => first.seen.length === 10);
    await first.consumer.commitOffsets([{ topic, partition: 0, offset: '6', metadata: 'six' }]);
    await first.stop();
    const admin = kafka.admin();
    await admin.connect();
    const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    expect(committed?.partitions).toEqual([{ partition: 0, offset: '6', metadata: 'six' }]);
    await admin.disconnect();
    const second = await listen(kafka, topic, group);
    await until('the rest', () => second.seen.length === 4);
    expect(second.seen.map(({ value }) => value)).toEqual(['0-6', '0-7', '0-8', '0-9']);
    await second.stop();
  });

  it('are listed, described and deleted', async () => {
    const { topic, group } = await fill('described', 2, 1);
    const listener = await listen(kafka, topic, group);
    await until('the messages', () => listener.seen.length === 2);
    const admin = kafka.admin();
    await admin.connect();
    const listed = { groupId: group, protocolType: 'consumer' };
    expect((await admin.listGroups()).groups).toContainEqual(listed);
    const { groups } = await admin.describeGroups([group, 'unheard-of']);
    expect(groups.map(({ groupId, state }) => [groupId, state])).toEqual([
      [group, 'Stable'],
      ['unheard-of', 'Dead'],
    ]);
    expect(groups[0]?.members.map(({ clientId }) => clientId)).toEqual(['test']);
    await expect(admin.deleteGroups([group])).rejects.toThrow();
    await listener.stop();
    expect((await admin.listGroups()).groups).toContainEqual(listed); // its commits are there
    await admin.deleteGroups([group]);
    expect((await admin.listGroups()).groups).not.toContainEqual(listed);
    const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    expect(offsets?.partitions.map(({ offset }) => offset)).toEqual(['-1', '-1']);
    await admin.disconnect();
  });

  it('refuse the commit of somebody who is no member', async () => {
    const { topic, group } = await fill('fenced', 1, 1);
    const listener = await listen(kafka, topic, group);
    await until('the message', () => listener.seen.length === 1);
    const admin = kafka.admin();
    await admin.connect();
    const partitions = [{ partition: 0, offset: '0' }];
    await expect(admin.setOffsets({ groupId: group, topic, partitions })).rejects.toThrow();
    await listener.stop();
    await admin.setOffsets({ groupId: group, topic, partitions });
    const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    expect(offsets?.partitions[0]?.offset).toBe('0');
    await admin.disconnect();
  });
});

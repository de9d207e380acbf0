import { type Admin, ConfigResourceTypes, type KafkaJSAggregateError, type KafkaJSProtocolError } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { testClient } from '../../support/kafka-client.ts';
import { uniqueName } from '../../support/unique-name.ts';
import { until } from '../../support/until.ts';

let server: TestKafka;
beforeAll(async () => {
  server = await startTestKafka();
});
afterAll(() => server.stop());

async function withAdmin<T>(run: (admin: Admin) => Promise<T>) {
  const admin = testClient(server.brokers).admin();
  await admin.connect();
  try {
    return await run(admin);
  } finally {
    await admin.disconnect();
  }
}

/** The protocol's name of why an admin request was refused. */
async function refusal(request: Promise<unknown>): Promise<string> {
  const error: unknown = await request.then(
    () => new Error('was not refused'),
    (cause: unknown) => cause,
  );
  const [first] = (error as KafkaJSAggregateError).errors ?? [error];
  return (first as KafkaJSProtocolError).type ?? String(first);
}

/** The offsets of a topic's partitions; none while the change of a topic is on its way through a real cluster. */
function offsetsOf(admin: Admin, topic: string): ReturnType<Admin['fetchTopicOffsets']> {
  return admin.fetchTopicOffsets(topic).catch(() => []);
}

describe('topics', () => {
  it('are created, listed, described and deleted', async () => {
    const topic = uniqueName('made');
    await withAdmin(async (admin) => {
      expect(await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] })).toBe(true);
      await until('the topic in the list', async () => (await admin.listTopics()).includes(topic));
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      expect(topics[0]?.partitions.map(({ partitionId }) => partitionId).sort()).toEqual([0, 1, 2]);
      expect(topics[0]?.partitions.every(({ partitionErrorCode }) => partitionErrorCode === 0)).toBe(true);
      await admin.deleteTopics({ topics: [topic] });
      await until('the topic to be gone', async () => !(await admin.listTopics()).includes(topic));
    });
  });

  it('come back empty after deletion, without the commits of their groups', async () => {
    const topic = uniqueName('again');
    await withAdmin(async (admin) => {
      const producer = testClient(server.brokers).producer();
      await producer.connect();
      await admin.createTopics({ topics: [{ topic }] });
      await producer.send({ topic, messages: [{ value: 'old' }] });
      await admin.setOffsets({ groupId: topic, topic, partitions: [{ partition: 0, offset: '1' }] });
      await admin.deleteTopics({ topics: [topic] });
      await until('the deletion', async () => !(await admin.listTopics()).includes(topic));
      await until('the name to be free', () => admin.createTopics({ topics: [{ topic, numPartitions: 2 }] }));
      await until('the new topic', async () => (await offsetsOf(admin, topic)).length === 2);
      expect((await offsetsOf(admin, topic)).map(({ high }) => high)).toEqual(['0', '0']);
      const [committed] = await admin.fetchOffsets({ groupId: topic, topics: [topic] });
      expect(committed?.partitions[0]?.offset).toBe('-1');
      await producer.disconnect();
    });
  });

  it('grow, and never shrink', async () => {
    const topic = uniqueName('grows');
    await withAdmin(async (admin) => {
      await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
      await admin.createPartitions({ topicPartitions: [{ topic, count: 4 }] });
      await until('four partitions', async () => (await offsetsOf(admin, topic)).length === 4);
      const shrink = admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] });
      expect(await refusal(shrink)).toBe('INVALID_PARTITIONS');
    });
  });

  it.each([
    ['an existing name', { topic: 'taken' }, 'TOPIC_ALREADY_EXISTS'],
    ['no partitions', { topic: 'none', numPartitions: 0 }, 'INVALID_PARTITIONS'],
    ['two replicas on one broker', { topic: 'two', replicationFactor: 2 }, 'INVALID_REPLICATION_FACTOR'],
    ['an illegal name', { topic: 'a b' }, 'INVALID_TOPIC_EXCEPTION'],
    ['an unknown setting', { topic: 'odd', configEntries: [{ name: 'colour', value: 'red' }] }, 'INVALID_CONFIG'],
    ['a wrong value', { topic: 'odd', configEntries: [{ name: 'retention.ms', value: 'long' }] }, 'INVALID_CONFIG'],
  ])('are refused with %s', async (_what, topic, code) => {
    await withAdmin(async (admin) => {
      if (code === 'TOPIC_ALREADY_EXISTS') await admin.createTopics({ topics: [topic] });
      if (code === 'TOPIC_ALREADY_EXISTS') expect(await admin.createTopics({ topics: [topic] })).toBe(false);
      else expect(await refusal(admin.createTopics({ topics: [topic] }))).toBe(code);
    });
  });

  it('keep their settings, and take new ones', async () => {
    await withAdmin(async (admin) => {
      const name = uniqueName('configured');
      const configEntries = [{ name: 'retention.ms', value: '60000' }];
      await admin.createTopics({ topics: [{ topic: name, configEntries }] });
      const read = async () => {
        const resources = [{ type: ConfigResourceTypes.TOPIC, name, configNames: ['retention.ms', 'segment.bytes'] }];
        const { resources: found } = await admin.describeConfigs({ resources, includeSynonyms: false });
        return Object.fromEntries(found[0]?.configEntries.map((entry) => [entry.configName, entry.configValue]) ?? []);
      };
      expect((await read())['retention.ms']).toBe('60000');
      const alter = (entry: { name: string; value: string }) =>
        admin.alterConfigs({
          validateOnly: false,
          resources: [{ type: ConfigResourceTypes.TOPIC, name, configEntries: [entry] }],
        });
      await alter({ name: 'segment.bytes', value: '1048576' });
      expect((await read())['segment.bytes']).toBe('1048576');
      expect((await read())['retention.ms']).toBe('604800000'); // not named, so back to its default
      expect(await refusal(alter({ name: 'no.such.setting', value: '1' }))).toBe('INVALID_CONFIG');
    });
  });

  it('lose the records before an offset when they are deleted', async () => {
    await withAdmin(async (admin) => {
      const topic = uniqueName('shortened');
      await admin.createTopics({ topics: [{ topic }] });
      const producer = testClient(server.brokers).producer();
      await producer.connect();
      await producer.send({ topic, messages: Array.from({ length: 10 }, (_, index) => ({ value: String(index) })) });
      await producer.disconnect();
      await admin.fetchTopicOffsets(topic); // kafkajs needs to have heard of the topic's leader
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '4' }] });
      expect(await admin.fetchTopicOffsets(topic)).toEqual([{ partition: 0, offset: '10', high: '10', low: '4' }]);
      const beyond = admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '11' }] });
      await expect(beyond).rejects.toThrow();
    });
  });
});

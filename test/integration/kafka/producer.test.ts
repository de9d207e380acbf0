import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { checkKafka } from '../../../src/kafka/check.ts';
import { connectKafka } from '../../../src/kafka/connection.ts';
import { fetchLag } from '../../../src/kafka/lag.ts';
import { createProducer } from '../../../src/kafka/producer.ts';
import { ensureTopics } from '../../../src/kafka/topics.ts';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { type Stage, setStage, silent } from './stage.ts';

let kafka: TestKafka;
let stage: Stage;
beforeAll(async () => {
  kafka = await startTestKafka();
});
afterAll(() => kafka.stop());
beforeEach(async () => {
  stage = await setStage(kafka.brokers, 2);
});
afterEach(() => stage.close());

test('one call takes any number of messages for several topics, keeping the order of each key', async () => {
  const { topic, deadLetters, producer } = stage;
  const messages = Array.from({ length: 2_500 }, (_, at) => ({
    topic: at % 5 === 0 ? deadLetters : topic,
    key: `key-${at % 3}`,
    value: String(at),
  }));
  await producer.send(messages);
  const read = [...(await stage.read(topic, 2_000)), ...(await stage.read(deadLetters, 500))];
  for (const key of ['key-0', 'key-1', 'key-2']) {
    for (const from of [topic, deadLetters]) {
      const sent = messages.filter((message) => message.key === key && message.topic === from);
      const got = read.filter((message) => message.key?.toString() === key && message.topic === from);
      expect(got.map(({ value }) => value?.toString())).toEqual(sent.map(({ value }) => value));
    }
  }
});

test('nothing to send is nothing to do', async () => {
  await expect(stage.producer.send([])).resolves.toBeUndefined();
});

test('a batch that a topic finds too large is sent in parts', async () => {
  const name = `${stage.topic}-small`;
  await ensureTopics(stage.connection, [{ name, partitions: 1, config: { 'max.message.bytes': '20000' } }]);
  await stage.producer.send(Array.from({ length: 30 }, () => ({ topic: name, key: null, value: randomBytes(5_000) })));
  expect(new Set((await stage.read(name, 30)).map(({ value }) => value?.toString('hex'))).size).toBe(30);
});

test('a single message that its topic does not accept is reported with its size', async () => {
  const value = randomBytes(2_000_000);
  await expect(stage.producer.send([{ topic: stage.topic, key: null, value }])).rejects.toMatchObject({
    name: 'MessageTooLargeError',
    nature: 'permanent',
    topic: stage.topic,
    bytes: expect.any(Number),
  });
  await stage.producer.send([{ topic: stage.topic, key: null, value: 'goes on' }]);
});

test('a broker that is not there is a transient failure', async () => {
  const nowhere = connectKafka({ brokers: ['127.0.0.1:1'], clientId: 'test' }, silent);
  const producer = createProducer(nowhere);
  await expect(producer.send([{ topic: 't', key: null, value: 'v' }])).rejects.toMatchObject({
    name: 'DependencyError',
    dependency: 'kafka',
    nature: 'transient',
  });
  await producer.close();
}, 40_000);

test('topics are created once; those that exist are left alone', async () => {
  const specs = ['x', 'y'].map((name) => ({ name: `${stage.topic}-${name}`, partitions: 2 }));
  const [first] = specs;
  if (first === undefined) throw new Error('no topics');
  expect(await ensureTopics(stage.connection, [first])).toEqual([first.name]);
  expect(await ensureTopics(stage.connection, specs)).toEqual([`${stage.topic}-y`]);
  expect(await ensureTopics(stage.connection, specs)).toEqual([]);
});

test('a topic that cannot be created is named', async () => {
  const spec = { name: 'not a legal name', partitions: 1 };
  await expect(ensureTopics(stage.connection, [spec])).rejects.toMatchObject({
    name: 'DependencyError',
    nature: 'permanent',
    message: expect.stringContaining('not a legal name'),
  });
});

test('the lag of a group that has read nothing is all there is', async () => {
  await stage.sendNumbers(100);
  const lags = await fetchLag(stage.connection, stage.groupId, [stage.topic]);
  expect(lags.map(({ partition, committed }) => ({ partition, committed }))).toEqual([
    { partition: 0, committed: null },
    { partition: 1, committed: null },
  ]);
  expect(lags.reduce((sum, { lag }) => sum + lag, 0)).toBe(100);
});

test('a check tells the brokers and topics', async () => {
  const check = await checkKafka(stage.connection);
  expect(check.brokers.map(({ host, port }) => `${host}:${port}`)).toEqual(kafka.brokers);
  expect(check.topics).toEqual(expect.arrayContaining([stage.topic, stage.deadLetters]));
});

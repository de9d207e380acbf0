import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChunkLimits } from '../../../src/kafka/chunks.ts';
import { type Page, type PartitionRange, readRanges, topicRanges } from '../../../src/kafka/read-range.ts';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { testClient } from '../../support/kafka-client.ts';
import { type Stage, setStage } from './stage.ts';

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

async function read(ranges: readonly PartitionRange[], limits?: ChunkLimits): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of readRanges(stage.connection, stage.topic, ranges, limits)) pages.push(page);
  return pages;
}
const valuesOf = (pages: readonly Page[]) =>
  pages.flatMap(({ messages }) => messages.map(({ value }) => String(value)));

test('everything that was there is read once, in order within a partition; what comes later is not', async () => {
  await stage.sendNumbers(1_000);
  const ranges = await topicRanges(stage.connection, stage.topic);
  await stage.sendNumbers(5, 1_000);
  const pages = await read(ranges);
  expect(
    valuesOf(pages)
      .map(Number)
      .sort((a, b) => a - b),
  ).toEqual(Array.from({ length: 1_000 }, (_, at) => at));
  for (const { partition, to } of ranges) {
    const own = pages.filter((page) => page.partition === partition);
    const offsets = own.flatMap(({ messages }) => messages.map(({ offset }) => Number(offset)));
    expect(offsets).toEqual(offsets.map((_, at) => at));
    expect(own.at(-1)?.next).toBe(to);
  }
});

test('bounds by offset name their partitions and are cut to the log', async () => {
  await stage.sendNumbers(100);
  const [first] = await topicRanges(stage.connection, stage.topic);
  const from = new Map([[0, 3n]]);
  expect(await topicRanges(stage.connection, stage.topic, { from, to: new Map([[0, 7n]]) })).toEqual([
    { partition: 0, from: 3n, to: 7n },
  ]);
  expect(await topicRanges(stage.connection, stage.topic, { from, to: new Map([[0, 10_000n]]) })).toEqual([
    { partition: 0, from: 3n, to: first?.to },
  ]);
  const pages = await read([{ partition: 0, from: 3n, to: 7n }], { messages: 3, bytes: 1_000_000 });
  expect(pages.map(({ messages, next }) => [messages.map(({ offset }) => offset), next])).toEqual([
    [['3', '4', '5'], 6n],
    [['6'], 7n],
  ]);
});

test('an empty range and a missing topic hold nothing', async () => {
  expect(await read(await topicRanges(stage.connection, stage.topic))).toEqual([]);
  expect(await topicRanges(stage.connection, 'no-such-topic')).toEqual([]);
  await stage.sendNumbers(5);
  expect(await read(await topicRanges(stage.connection, stage.topic, { from: Date.now() + 60_000 }))).toEqual([]);
});

test('messages of an aborted transaction are passed over, its markers too', async () => {
  const producer = testClient(kafka.brokers).producer({
    transactionalId: `tx-${stage.topic}`,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  for (const [value, end] of [
    ['kept-1', 'commit'],
    ['aborted', 'abort'],
    ['kept-2', 'commit'],
    ['aborted at the end', 'abort'],
  ] as const) {
    const transaction = await producer.transaction();
    await transaction.send({ topic: stage.topic, messages: [{ value, partition: 0 }] });
    await transaction[end]();
  }
  await producer.disconnect();
  expect(valuesOf(await read(await topicRanges(stage.connection, stage.topic)))).toEqual(['kept-1', 'kept-2']);
});

test('messages that are deleted before they are read are passed over', async () => {
  await stage.producer.send(
    Array.from({ length: 10 }, (_, at) => ({ topic: stage.topic, key: 'one', value: String(at) })),
  );
  const ranges = await topicRanges(stage.connection, stage.topic);
  const held = ranges.find(({ to }) => to > 0n);
  const partitions = [{ partition: held?.partition ?? 0, offset: '6' }];
  await stage.connection.admin('delete records', async (admin) => {
    // kafkajs deletes records only of topics whose metadata something else has made it load.
    await admin.fetchTopicOffsets(stage.topic);
    await admin.deleteTopicRecords({ topic: stage.topic, partitions });
  });
  expect(valuesOf(await read(ranges))).toEqual(['6', '7', '8', '9']);
});

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ReceivedMessage } from '../../../src/domain/message.ts';
import { ok } from '../../../src/domain/outcome.ts';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { type Stage, setStage, until } from './stage.ts';

let kafka: TestKafka;
let stage: Stage;
beforeAll(async () => {
  kafka = await startTestKafka();
});
afterAll(() => kafka.stop());
beforeEach(async () => {
  stage = await setStage(kafka.brokers, 4);
});
afterEach(() => stage.close());

/** A promise to be resolved from outside. */
function gate(): { readonly promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A handler that keeps what it saw and the partitions its member was given. */
function recorder(delayMs = 0) {
  const numbers: number[] = [];
  const partitions = new Set<number>();
  return {
    numbers,
    partitions,
    observer: {
      assigned: (assignment: readonly { readonly partitions: readonly number[] }[]) => {
        partitions.clear();
        for (const entry of assignment) for (const partition of entry.partitions) partitions.add(partition);
      },
    },
    handle: async (messages: readonly ReceivedMessage[]) => {
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      numbers.push(...messages.map(({ value }) => Number(value?.toString())));
      return messages.map(() => ok(undefined));
    },
  };
}

test('two members share the partitions, and one takes over when the other leaves, without loss', async () => {
  const one = recorder(5);
  const two = recorder(5);
  await stage.sendNumbers(1_000);
  const first = stage.play({ ...one, maxBatchMessages: 20 });
  await until(() => one.numbers.length > 100);
  const second = stage.play({ ...two, maxBatchMessages: 20 });
  await until(() => one.partitions.size === 2 && two.partitions.size === 2);
  expect([...one.partitions, ...two.partitions].sort()).toEqual([0, 1, 2, 3]);
  await stage.sendNumbers(1_000, 1_000);
  await until(() => two.numbers.length > 50);
  await first.consumer.stop();
  await until(() => two.partitions.size === 4);
  await stage.sendNumbers(1_000, 2_000);
  await until(async () => (await stage.lag()) === 0);
  await second.consumer.stop();
  expect(new Set([...one.numbers, ...two.numbers]).size).toBe(3_000);
});

test('a handler slower than the session timeout keeps its partitions and sees each message once', async () => {
  await stage.sendNumbers(8);
  const slow = recorder(8_000);
  let joins = 0;
  stage.play({
    ...slow,
    observer: {
      assigned: () => {
        joins += 1;
      },
    },
    read: { sessionTimeoutMs: 6_000, heartbeatMs: 500, concurrency: 4 },
  });
  await until(async () => (await stage.lag()) === 0, 25_000);
  expect(slow.numbers.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(joins).toBe(1);
});

test('a member that joins during a slow chunk waits for it; nothing is handled twice', async () => {
  await stage.sendNumbers(200);
  const slow = recorder(1_500);
  stage.play({ ...slow, read: { concurrency: 4 } });
  await until(() => slow.partitions.size === 4);
  const other = recorder();
  stage.play({ ...other });
  await until(() => other.partitions.size === 2);
  await until(async () => (await stage.lag()) === 0);
  const all = [...slow.numbers, ...other.numbers].sort((a, b) => a - b);
  expect(all).toEqual(Array.from({ length: 200 }, (_, at) => at));
});

test('a chunk that outlasts the rebalance is not committed by the member that lost it', async () => {
  await stage.sendNumbers(40);
  const read = { rebalanceTimeoutMs: 1_000, concurrency: 1 };
  const [first, second, successor] = [gate(), gate(), gate()] as const;
  const taken: ReceivedMessage[][] = [];
  stage.play({
    read,
    handle: async (messages) => {
      taken.push([...messages]);
      await (taken.length === 1 ? first.promise : second.promise);
      return messages.map(() => ok(undefined));
    },
  });
  await until(() => taken.length === 1);
  const other = recorder();
  stage.play({
    read,
    observer: other.observer,
    handle: async (messages) => {
      await successor.promise;
      return other.handle(messages);
    },
  });
  await until(() => other.partitions.size === 4);
  first.resolve();
  await until(() => taken.length === 2);
  expect(await stage.lag()).toBe(40);
  second.resolve();
  successor.resolve();
  await until(async () => (await stage.lag()) === 0);
});

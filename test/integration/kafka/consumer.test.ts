import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DependencyError } from '../../../src/domain/dependency-error.ts';
import type { ReceivedMessage } from '../../../src/domain/message.ts';
import { deadLetter, drop, ok } from '../../../src/domain/outcome.ts';
import { startTestKafka, type TestKafka } from '../../support/kafka.ts';
import { type Stage, setStage, until } from './stage.ts';

let kafka: TestKafka;
let stage: Stage;
beforeAll(async () => {
  kafka = await startTestKafka();
});
afterAll(() => kafka.stop());
beforeEach(async () => {
  stage = await setStage(kafka.brokers);
});
afterEach(() => stage.close());

const numberOf = (message: ReceivedMessage) => Number(message.value?.toString());
const allOk = (messages: readonly ReceivedMessage[]) => messages.map(() => ok(undefined));

test('every message is handled, in the order of its key, and committed', async () => {
  await stage.sendNumbers(3_000);
  const seen: ReceivedMessage[] = [];
  const sizes: number[] = [];
  const { consumer, ended } = stage.play({
    maxBatchMessages: 100,
    handle: async (messages) => {
      seen.push(...messages);
      sizes.push(messages.length);
      expect(new Set(messages.map(({ partition }) => partition)).size).toBe(1);
      return allOk(messages);
    },
  });
  await until(() => seen.length >= 3_000);
  await consumer.stop();
  expect(await ended).toEqual({ kind: 'stopped' });
  expect(seen.map(numberOf).sort((a, b) => a - b)).toEqual(Array.from({ length: 3_000 }, (_, at) => at));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
  for (let key = 0; key < 7; key += 1) {
    const ofKey = seen.filter((message) => message.key?.toString() === `key-${key}`).map(numberOf);
    expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
  }
  expect(await stage.lag()).toBe(0);
});

test('messages sent while it runs arrive without waiting for a full fetch', async () => {
  let seen = 0;
  const { consumer } = stage.play({
    handle: async (messages) => {
      seen += messages.length;
      return allOk(messages);
    },
  });
  await until(() => consumer.health().ready);
  const sent = performance.now();
  await stage.sendNumbers(10);
  await until(() => seen === 10);
  expect(performance.now() - sent).toBeLessThan(5_000);
});

test('what was handled but not committed is delivered again', async () => {
  await stage.sendNumbers(300);
  const first: number[] = [];
  const crashed = stage.play({
    maxBatchMessages: 50,
    handle: async (messages) => {
      first.push(...messages.map(numberOf));
      if (first.length > 120) throw new Error('the process dies here');
      return allOk(messages);
    },
  });
  expect(await crashed.ended).toMatchObject({ kind: 'failed', exitCode: 1 });
  const second: number[] = [];
  stage.play({
    handle: async (messages) => {
      second.push(...messages.map(numberOf));
      return allOk(messages);
    },
  });
  await until(async () => (await stage.lag()) === 0);
  const handledTwice = first.filter((number) => second.includes(number));
  expect(handledTwice.length).toBeGreaterThan(0);
  expect(new Set([...first, ...second]).size).toBe(300);
});

test('dead letters keep key, value and headers byte for byte, tombstones too', async () => {
  const { topic } = stage;
  const bytes = Buffer.from([0x00, 0xff, 0xfe, 0x80, 0xc3, 0x28, 0x0a]);
  const headers = { trace: [bytes, Buffer.alloc(0)], 名: [Buffer.from('値')] };
  await stage.producer.send([
    { topic, key: bytes, value: bytes, headers },
    { topic, key: Buffer.alloc(0), value: Buffer.alloc(0) },
    { topic, key: 'deleted', value: null },
    { topic, key: null, value: 'no key' },
  ]);
  stage.play({ handle: async (messages) => messages.map(() => deadLetter('KOE_NOT_UTF8', '壊れた値', 'decode')) });
  await until(async () => (await stage.lag()) === 0);
  const letters = await stage.read(stage.deadLetters, 4);
  const sources = await stage.read(topic, 4);
  expect(letters).toHaveLength(4);
  const text = (letter: ReceivedMessage, name: string) => letter.headers[name]?.map(String).join();
  for (const source of sources) {
    const letter = letters.find(
      (one) =>
        text(one, 'koe-source-partition') === String(source.partition) &&
        text(one, 'koe-source-offset') === source.offset,
    );
    if (letter === undefined) throw new Error('a message has no dead letter');
    expect(letter.key).toEqual(source.key);
    expect(letter.value).toEqual(source.value);
    expect(letter.headers).toMatchObject(source.headers);
    expect(text(letter, 'koe-reject-code')).toBe('KOE_NOT_UTF8');
    expect(text(letter, 'koe-reject-detail')).toBe('壊れた値');
    expect(text(letter, 'koe-reject-step')).toBe('decode');
    expect(text(letter, 'koe-source-topic')).toBe(topic);
    expect(text(letter, 'koe-source-timestamp')).toBe(String(source.timestamp));
    expect(text(letter, 'koe-redrive-count')).toBe('0');
  }
  const binary = letters.find(({ key }) => key?.equals(bytes));
  expect(binary?.value).toEqual(bytes);
  expect(binary?.headers).toMatchObject(headers);
  expect(letters.filter(({ value }) => value === null)).toHaveLength(1);
  expect(letters.filter(({ key }) => key === null)).toHaveLength(1);
});

test('above the dead-letter limit it halts with nothing diverted or committed', async () => {
  await stage.sendNumbers(40);
  const { ended } = stage.play({
    deadLetters: { topic: stage.deadLetters, producer: stage.producer, limit: { count: 3, windowMs: 60_000 } },
    handle: async (messages) => messages.map(() => deadLetter('KOE_NOT_JSON', 'x', 'decode')),
  });
  expect(await ended).toMatchObject({
    kind: 'failed',
    exitCode: 65,
    error: { message: expect.stringContaining('More than 3 dead letters within 60 s') },
  });
  expect(await stage.lag()).toBe(40);
  await stage.producer.send([{ topic: stage.deadLetters, key: null, value: 'the first' }]);
  expect((await stage.read(stage.deadLetters, 1)).map(({ value }) => value?.toString())).toEqual(['the first']);
});

test('a missing dead-letter topic ends it with the sentence an operator needs, nothing committed', async () => {
  await stage.sendNumbers(5);
  const { ended } = stage.play({
    deadLetters: { topic: 'no-such-topic', producer: stage.producer, limit: { count: 99, windowMs: 60_000 } },
    handle: async (messages) => messages.map(() => deadLetter('KOE_NOT_JSON', 'x', 'decode')),
  });
  expect(await ended).toMatchObject({ exitCode: 78, error: { message: expect.stringContaining('no-such-topic') } });
  expect(await stage.lag()).toBe(5);
}, 40_000);

test('a missing topic ends it with 78', async () => {
  const { ended } = stage.play({ topics: ['no-such-topic'], handle: async (messages) => allOk(messages) });
  expect(await ended).toMatchObject({ exitCode: 78, error: { message: expect.stringContaining('no-such-topic') } });
}, 40_000);

describe('a dependency that is away', () => {
  test('is waited for with heartbeats; only then the chunk is committed', async () => {
    await stage.sendNumbers(20);
    let heartbeats = 0;
    let failures = 0;
    let up = false;
    const handled: number[] = [];
    const { consumer } = stage.play({
      observer: {
        heartbeat: () => {
          heartbeats += 1;
        },
      },
      handle: async (messages) => {
        if (!up) {
          failures += 1;
          throw new DependencyError('mongodb', 'transient', 'no primary');
        }
        handled.push(...messages.map(numberOf));
        return allOk(messages);
      },
    });
    await until(() => failures >= 5);
    const before = heartbeats;
    await until(() => heartbeats >= before + 3);
    expect(consumer.health()).toEqual({ live: true, ready: false, detail: 'waiting for mongodb' });
    expect(await stage.lag()).toBe(20);
    up = true;
    await until(async () => (await stage.lag()) === 0);
    expect(handled.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at));
    expect(consumer.health()).toMatchObject({ ready: true });
  });

  test('for too long ends it with 70, nothing committed', async () => {
    await stage.sendNumbers(20);
    const { ended } = stage.play({
      retry: { initialMs: 20, maxMs: 100, giveUpMs: 500 },
      handle: async () => Promise.reject(new DependencyError('mongodb', 'transient', 'no primary')),
    });
    expect(await ended).toMatchObject({ kind: 'failed', exitCode: 70 });
    expect(await stage.lag()).toBe(20);
  });

  test('and says no ends it with 78 at once, nothing committed', async () => {
    await stage.sendNumbers(20);
    let calls = 0;
    const { ended } = stage.play({
      read: { concurrency: 1 },
      handle: async () => {
        calls += 1;
        throw new DependencyError('mongodb', 'permanent', 'user name or password is wrong');
      },
    });
    expect(await ended).toMatchObject({ exitCode: 78, error: { message: 'user name or password is wrong' } });
    expect(calls).toBe(1);
    expect(await stage.lag()).toBe(20);
  });
});

test('a handler that never comes back is noticed, then the consumer ends with 70', async () => {
  await stage.sendNumbers(5);
  const { consumer, ended } = stage.play({
    stall: { unhealthyMs: 300, exitMs: 900 },
    drainMs: 100,
    handle: () => new Promise(() => {}),
  });
  await until(() => consumer.health().ready);
  await until(() => !consumer.health().live);
  expect(await ended).toMatchObject({ exitCode: 70, error: { name: 'StalledError' } });
  expect(await stage.lag()).toBe(5);
});

describe('on stop', () => {
  test('the chunk in flight is finished and committed', async () => {
    await stage.sendNumbers(100);
    let begun = 0;
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { consumer, ended } = stage.play({
      maxBatchMessages: 5,
      read: { concurrency: 1 },
      handle: async (messages) => {
        begun += messages.length;
        await finished;
        return allOk(messages);
      },
    });
    await until(() => begun > 0);
    const stopped = consumer.stop();
    finish();
    await stopped;
    expect(await ended).toEqual({ kind: 'stopped' });
    expect(begun).toBe(5);
    expect(await stage.lag()).toBe(95);
  });

  test('a chunk that takes longer than the drain time is told so and not committed', async () => {
    await stage.sendNumbers(10);
    let told = false;
    let begun = false;
    const { consumer } = stage.play({
      drainMs: 300,
      read: { concurrency: 1 },
      handle: async (messages, signal) => {
        begun = true;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        told = true;
        return allOk(messages);
      },
    });
    await until(() => begun);
    const asked = performance.now();
    await consumer.stop();
    expect(performance.now() - asked).toBeLessThan(8_000);
    expect(told).toBe(true);
    expect(await stage.lag()).toBe(10);
  });

  test('before it has connected it ends at once', async () => {
    const { consumer, ended } = stage.play({ handle: async (messages) => allOk(messages) });
    await consumer.stop();
    expect(await ended).toEqual({ kind: 'stopped' });
  });

  test('its partitions go to the next member without waiting for a session to lapse', async () => {
    const { consumer } = stage.play({ handle: async (messages) => allOk(messages) });
    await until(() => consumer.health().ready);
    await consumer.stop();
    const next = stage.play({ handle: async (messages) => allOk(messages) });
    await until(() => next.consumer.health().ready, 5_000);
  });
});

test('drops are committed and counted', async () => {
  await stage.sendNumbers(10);
  let dropped = 0;
  stage.play({
    observer: {
      chunkHandled: (chunk) => {
        dropped += chunk.dropped.tombstone ?? 0;
      },
    },
    handle: async (messages) => messages.map(() => drop('tombstone')),
  });
  await until(async () => (await stage.lag()) === 0);
  expect(dropped).toBe(10);
});

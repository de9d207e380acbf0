import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ok } from '../../../src/domain/outcome.ts';
import { type EmbeddedKafka, startEmbeddedKafka } from '../../../src/embedded/kafka/broker.ts';
import { type Stage, setStage, until } from './stage.ts';

// On a broker of its own, because it stops it: the embedded one.
let dataDir: string;
let broker: EmbeddedKafka;
let stage: Stage;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'koe-restart-'));
  broker = await startEmbeddedKafka({ dataDir, autoCreateTopics: false });
  stage = await setStage([broker.address]);
});
afterEach(async () => {
  await stage.close();
  await broker.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function startAgain(): Promise<void> {
  broker = await startEmbeddedKafka({ dataDir, port: broker.port, autoCreateTopics: false });
}

/** A consumer that keeps the numbers it has handled. */
function count() {
  const numbers = new Set<number>();
  const player = stage.play({
    handle: async (messages) => {
      for (const { value } of messages) numbers.add(Number(value?.toString()));
      return messages.map(() => ok(undefined));
    },
  });
  return { ...player, numbers };
}

test('a broker that restarts is met again, and so are the messages sent afterwards', async () => {
  const { numbers, consumer } = count();
  await stage.sendNumbers(100);
  await until(() => numbers.size === 100);
  for (let restart = 1; restart <= 3; restart += 1) {
    await broker.close();
    await startAgain();
    await stage.sendNumbers(100, restart * 100);
    await until(() => numbers.size === (restart + 1) * 100);
  }
  await until(async () => (await stage.lag()) === 0);
  expect(consumer.health()).toMatchObject({ live: true, ready: true });
}, 60_000);

test('a broker that stays away makes it not ready; when it is back the work goes on', async () => {
  const { numbers, consumer } = count();
  await stage.sendNumbers(50);
  await until(() => numbers.size === 50);
  await broker.close();
  // Longer than kafkajs itself tries: a new consumer has to be built.
  await until(() => !consumer.health().ready && consumer.health().detail === 'joining the consumer group', 30_000);
  expect(consumer.health().live).toBe(true);
  await startAgain();
  await stage.sendNumbers(50, 50);
  await until(() => numbers.size === 100);
}, 60_000);

test('stopping while the broker is away does not take longer than the drain time', async () => {
  const { consumer, ended } = count();
  await until(() => consumer.health().ready);
  await broker.close();
  const asked = performance.now();
  await consumer.stop();
  expect(await ended).toEqual({ kind: 'stopped' });
  expect(performance.now() - asked).toBeLessThan(7_000);
  await startAgain();
});

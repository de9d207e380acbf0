import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReceivedMessage } from '../../src/domain/message.ts';
import { ok } from '../../src/domain/outcome.ts';
import { connectKafka, type KafkaConnection } from '../../src/kafka/connection.ts';
import { createConsumer, type MessageConsumer } from '../../src/kafka/consumer.ts';
import { fetchLag } from '../../src/kafka/lag.ts';
import { createProducer } from '../../src/kafka/producer.ts';
import type { StopReason } from '../../src/kafka/stop-reason.ts';
import { ensureTopics } from '../../src/kafka/topics.ts';
import { silentLogger } from '../support/silent-logger.ts';
import { until } from '../support/until.ts';
import { startEmbeddedServer } from './embedded-server.ts';

const topic = 'numbers';
const deadLetters = 'numbers.dlq';
const groupId = 'rebalances';
const partitions = 6;
const slowMs = 60_000;
const perSecond = 200;
/** Longest silence of another member's partition beside the slow one, while nobody joins or leaves. */
const mostSilentMs = 5_000;

interface Handled {
  readonly at: number;
  readonly member: string;
  readonly partition: number;
  readonly offset: number;
}

interface Member {
  readonly consumer: MessageConsumer;
  readonly ended: Promise<StopReason>;
}

/**
 * Members of a group join and leave under load, and one message takes a minute: it is handled once and does not hold
 * up other members; nothing is lost, and each partition is handled in order up to repetitions. The other partitions of
 * its own member do wait, since kafkajs fetches again only when all of a fetch is handled; for how long is said.
 */
export async function rebalances(say: (what: string) => void): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'koe-rebalances-'));
  const broker = await startEmbeddedServer('kafka', folder);
  const connection = connectKafka({ brokers: [`127.0.0.1:${broker.port}`], clientId: 'chaos' }, silentLogger);
  try {
    return await play(connection, say);
  } finally {
    await broker.stop();
    await rm(folder, { recursive: true });
  }
}

async function play(connection: KafkaConnection, say: (what: string) => void): Promise<boolean> {
  await ensureTopics(connection, [
    { name: topic, partitions },
    { name: deadLetters, partitions: 1 },
  ]);
  const producer = createProducer(connection);
  const handled: Handled[] = [];
  const begunSlow: Handled[] = [];
  const join = (name: string) => member(connection, name, handled, begunSlow);
  let sent = 0;
  let sending = true;
  const load = (async () => {
    while (sending) {
      const numbers = Array.from({ length: perSecond / 10 }, () => sent++);
      await producer.send(numbers.map((number) => ({ topic, key: `key-${number % 97}`, value: String(number) })));
      await sleep(100);
    }
  })();

  say('members join and leave');
  const first = join('first');
  const second = join('second');
  await sleep(8_000);
  const third = join('third');
  await sleep(6_000);
  await first.consumer.stop();
  await sleep(6_000);
  const fourth = join('fourth');
  await sleep(6_000);
  await third.consumer.stop();
  await sleep(4_000);

  say(`a message takes ${slowMs / 1000} s`);
  await producer.send([{ topic, key: 'key-0', value: 'slow' }]);
  await until('the slow message is taken up', () => begunSlow.length > 0, 30_000);
  const from = Date.now();
  await sleep(slowMs - 2_000);
  const to = Date.now();
  await until('the slow message is handled', () => isHandled(handled, begunSlow), 30_000);

  say('members leave while messages come');
  await second.consumer.stop();
  await sleep(2_000);
  sending = false;
  await load;
  await until('everything is committed', async () => (await lag(connection)) === 0, 60_000);
  await fourth.consumer.stop();
  await producer.close();

  const [slow] = begunSlow;
  const beside = Array.from({ length: partitions }, (_, partition) => partition)
    .filter((partition) => partition !== slow?.partition)
    .map((partition) => ({
      sameMember: holderOf(handled, partition, from) === slow?.member,
      ms: silence(handled, partition, from, to),
    }));
  const silenceOf = (sameMember: boolean) =>
    Math.max(0, ...beside.filter((one) => one.sameMember === sameMember).map(({ ms }) => ms));
  say(`longest silence beside the slow message: ${silenceOf(false)} ms in partitions of other members`);
  say(`longest silence beside the slow message: ${silenceOf(true)} ms in other partitions of its own member`);
  const problems = [
    ...lost(handled, sent + 1),
    ...disordered(handled),
    ...(silenceOf(false) > mostSilentMs ? ['the slow message held up other members'] : []),
    ...(begunSlow.length === 1 ? [] : [`the slow message was begun ${begunSlow.length} times`]),
  ];
  const twice = handled.length - new Set(handled.map(({ partition, offset }) => `${partition}/${offset}`)).size;
  say(`${sent + 1} messages, ${twice} handled more than once`);
  for (const problem of problems) say(`violation: ${problem}`);
  return problems.length === 0;
}

function member(connection: KafkaConnection, name: string, handled: Handled[], begunSlow: Handled[]): Member {
  const producer = createProducer(connection);
  const note = ({ partition, offset }: ReceivedMessage) => ({
    at: Date.now(),
    member: name,
    partition,
    offset: Number(offset),
  });
  const consumer = createConsumer({
    connection,
    groupId,
    topics: [topic],
    maxBatchMessages: 20,
    deadLetters: { topic: deadLetters, producer, limit: { count: 1, windowMs: 1000 } },
    logger: silentLogger,
    async handle(messages) {
      for (const message of messages) {
        const isSlow = message.value?.toString() === 'slow';
        if (isSlow) begunSlow.push(note(message));
        await sleep(isSlow ? slowMs : 2);
      }
      handled.push(...messages.map(note));
      return messages.map(() => ok(undefined));
    },
  });
  return { consumer, ended: consumer.run() };
}

function isHandled(handled: readonly Handled[], [slow]: readonly Handled[]): boolean {
  return handled.some(({ partition, offset }) => partition === slow?.partition && offset === slow.offset);
}

async function lag(connection: KafkaConnection): Promise<number> {
  const lags = await fetchLag(connection, groupId, [topic]);
  return lags.reduce((sum, partition) => sum + partition.lag, 0);
}

function lost(handled: readonly Handled[], sent: number): string[] {
  const distinct = new Set(handled.map(({ partition, offset }) => `${partition}/${offset}`)).size;
  return distinct === sent ? [] : [`${sent} messages were sent, ${distinct} were handled`];
}

function disordered(handled: readonly Handled[]): string[] {
  const next = new Map<number, number>();
  const problems: string[] = [];
  for (const { partition, offset } of handled) {
    const wanted = next.get(partition) ?? 0;
    if (offset > wanted) problems.push(`partition ${partition}: offset ${offset} was handled before ${wanted}`);
    next.set(partition, Math.max(wanted, offset + 1));
  }
  return problems.slice(0, 5);
}

/** The longest time between two times in which nothing of a partition was handled, in milliseconds. */
function silence(handled: readonly Handled[], partition: number, from: number, to: number): number {
  const times = handled.filter((one) => one.partition === partition && one.at >= from && one.at <= to);
  const marks = [from, ...times.map(({ at }) => at), to];
  return Math.max(...marks.map((at, index) => at - (marks[index - 1] ?? from)));
}

/** Who handled a partition last before a time. */
function holderOf(handled: readonly Handled[], partition: number, at: number): string | undefined {
  return handled.findLast((one) => one.partition === partition && one.at < at)?.member;
}

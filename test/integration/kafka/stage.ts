import { randomUUID } from 'node:crypto';
import type { ReceivedMessage } from '../../../src/domain/message.ts';
import { ok } from '../../../src/domain/outcome.ts';
import { connectKafka, type KafkaConnection } from '../../../src/kafka/connection.ts';
import { type ConsumerOptions, createConsumer, type MessageConsumer } from '../../../src/kafka/consumer.ts';
import { fetchLag } from '../../../src/kafka/lag.ts';
import type { Logger } from '../../../src/kafka/logger.ts';
import { createProducer, type MessageProducer } from '../../../src/kafka/producer.ts';
import type { StopReason } from '../../../src/kafka/stop-reason.ts';
import { ensureTopics } from '../../../src/kafka/topics.ts';
import { until as untilDescribed } from '../../support/until.ts';

/** A consumer at work, and what became of it. */
export interface Player {
  readonly consumer: MessageConsumer;
  readonly ended: Promise<StopReason>;
}

/** Topics, a group and a producer of one test, under names that no other test uses. */
export interface Stage {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly deadLetters: string;
  readonly groupId: string;
  readonly producer: MessageProducer;
  /** Starts a member of the group that is quick to react, with these options on top. */
  play(options: Partial<ConsumerOptions> & Pick<ConsumerOptions, 'handle'>): Player;
  /** Sends `count` messages with values `from`, `from + 1`, ... under a few keys. */
  sendNumbers(count: number, from?: number): Promise<void>;
  /** Messages that the group has not committed. */
  lag(): Promise<number>;
  /** Everything in a topic, from the beginning. */
  read(topic: string, count: number): Promise<ReceivedMessage[]>;
  close(): Promise<void>;
}

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, fatal() {} };

export async function setStage(brokers: readonly string[], partitions = 3): Promise<Stage> {
  const id = randomUUID().slice(0, 8);
  const connection = connectKafka({ brokers, clientId: `test-${id}` }, silent);
  const topic = `in-${id}`;
  const deadLetters = `dlq-${id}`;
  await ensureTopics(connection, [
    { name: topic, partitions },
    { name: deadLetters, partitions: 1 },
  ]);
  const producer = createProducer(connection);
  const players: Player[] = [];
  let groups = 0;

  function play(options: Partial<ConsumerOptions> & Pick<ConsumerOptions, 'handle'>): Player {
    const consumer = createConsumer({
      connection,
      groupId: `group-${id}`,
      topics: [topic],
      deadLetters: { topic: deadLetters, producer, limit: { count: 1_000, windowMs: 60_000 } },
      logger: silent,
      drainMs: 5_000,
      retry: { initialMs: 20, maxMs: 200, giveUpMs: 20_000 },
      ...options,
      read: { maxWaitMs: 100, heartbeatMs: 200, sessionTimeoutMs: 10_000, ...options.read },
    });
    const player = { consumer, ended: consumer.run() };
    players.push(player);
    return player;
  }

  return {
    connection,
    topic,
    deadLetters,
    groupId: `group-${id}`,
    producer,
    play,
    async sendNumbers(count, from = 0) {
      const numbers = Array.from({ length: count }, (_, at) => from + at);
      await producer.send(numbers.map((number) => ({ topic, key: `key-${number % 7}`, value: String(number) })));
    },
    async lag() {
      const lags = await fetchLag(connection, `group-${id}`, [topic]);
      return lags.reduce((sum, { lag }) => sum + lag, 0);
    },
    async read(from, count) {
      const messages: ReceivedMessage[] = [];
      groups += 1;
      const reader = play({
        groupId: `reader-${id}-${groups}`,
        topics: [from],
        handle: async (chunk) => {
          messages.push(...chunk);
          return chunk.map(() => ok(undefined));
        },
      });
      await until(() => messages.length >= count);
      await reader.consumer.stop();
      return messages;
    },
    async close() {
      await Promise.all(players.map(({ consumer }) => consumer.stop()));
      await producer.close();
    },
  };
}

/** Waits until the condition holds; its source text describes it when it does not. */
export function until(condition: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  return untilDescribed(String(condition), condition, withinMs);
}

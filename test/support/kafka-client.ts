import { type Consumer, type IHeaders, Kafka, logLevel } from 'kafkajs';
import { until } from './until.ts';

/** A message as tests compare it: texts instead of bytes. */
export interface SeenMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: IHeaders;
}

/** A kafkajs client that says nothing and gives up early. */
export function testClient(brokers: readonly string[], clientId = 'test'): Kafka {
  const retry = { retries: 5, initialRetryTime: 50, maxRetryTime: 500 };
  return new Kafka({ clientId, brokers: [...brokers], logLevel: logLevel.NOTHING, retry });
}

/** A running group member that notes what it gets. */
export interface Listener {
  readonly consumer: Consumer;
  readonly seen: SeenMessage[];
  /** Partitions of its latest assignment. */
  assigned(): number[];
  stop(): Promise<void>;
}

/** Joins a group and reads a topic from its commits, or from the beginning. */
export async function listen(
  kafka: Kafka,
  topic: string,
  groupId: string,
  options: { readUncommitted?: boolean; sessionTimeout?: number; autoCommit?: boolean } = {},
): Promise<Listener> {
  const { readUncommitted = false, sessionTimeout = 10_000, autoCommit = true } = options;
  const consumer = kafka.consumer({
    groupId,
    readUncommitted,
    sessionTimeout,
    heartbeatInterval: 100,
    maxWaitTimeInMs: 100,
  });
  const seen: SeenMessage[] = [];
  let assigned: number[] = [];
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    assigned = payload.memberAssignment[topic] ?? [];
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit,
    eachMessage: async ({ partition, message }) => {
      const { offset, timestamp, key, value, headers = {} } = message;
      const texts = { key: key?.toString() ?? null, value: value?.toString() ?? null, headers };
      seen.push({ topic, partition, offset: Number(offset), timestamp: Number(timestamp), ...texts });
    },
  });
  return { consumer, seen, assigned: () => assigned, stop: () => consumer.disconnect() };
}

/** Reads a topic in a group of its own until `count` messages have come. */
export async function readTopic(
  kafka: Kafka,
  topic: string,
  count: number,
  options: { readUncommitted?: boolean } = {},
): Promise<SeenMessage[]> {
  const listener = await listen(kafka, topic, `read-${topic}-${Math.random()}`, options);
  try {
    await until(`${count} messages of ${topic}`, () => listener.seen.length >= count);
    return listener.seen;
  } finally {
    await listener.stop();
  }
}

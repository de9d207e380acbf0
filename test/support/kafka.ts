import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedKafka } from '../../src/embedded/kafka/broker.ts';

/** A Kafka for one test file. */
export interface TestKafka {
  readonly brokers: string[];
  /** Stops it and removes its data, if it was started for this file. */
  stop(): Promise<void>;
}

/**
 * The Kafka that suites run on, which creates no topics by itself: the running one that the environment variable
 * `KOE_TEST_KAFKA` names (`host:port,host:port`), or an embedded broker on a fresh folder.
 */
export async function startTestKafka(): Promise<TestKafka> {
  const given = process.env.KOE_TEST_KAFKA;
  if (given) return { brokers: given.split(','), stop: async () => {} };
  const dataDir = await freshFolder();
  const broker = await startEmbeddedKafka({ dataDir, autoCreateTopics: false });
  return {
    brokers: [broker.address],
    stop: async () => {
      await broker.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** A new empty folder for a broker's data; the caller removes it. */
export function freshFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'koe-kafka-'));
}

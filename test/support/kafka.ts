import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedKafkaOptions, startEmbeddedKafka } from '../../src/embedded/kafka/broker.ts';

/** A Kafka for one test file. */
export interface TestKafka {
  readonly brokers: string[];
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

/** Starts the Kafka that suites run on: an embedded broker on a fresh folder. */
export async function startTestKafka(options: Partial<EmbeddedKafkaOptions> = {}): Promise<TestKafka> {
  const dataDir = await freshFolder();
  const broker = await startEmbeddedKafka({ dataDir, ...options });
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

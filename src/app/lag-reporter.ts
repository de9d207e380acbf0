import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaConnection } from '../kafka/connection.ts';
import { fetchLag } from '../kafka/lag.ts';
import type { ConsumerObserver } from '../kafka/observer.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Whose lag is reported, where, and how often in milliseconds. */
export interface LagReporterOptions {
  readonly connection: KafkaConnection;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly everyMs?: number;
}

/** Reports the lag of this worker's partitions; that of the others is theirs to report. */
export interface LagReporter extends Pick<ConsumerObserver, 'assigned'> {
  stop(): Promise<void>;
}

/** Asks Kafka for the lag time and again: while a dependency is away nothing is handled, and the lag grows unseen. */
export function startLagReporter(options: LagReporterOptions): LagReporter {
  const { connection, groupId, topics, metrics, logger, everyMs = 15_000 } = options;
  const stopping = new AbortController();
  let own = new Set<string>();
  const report = async () => {
    for (const { topic, partition, lag } of await fetchLag(connection, groupId, topics)) {
      if (own.has(`${topic}/${partition}`)) metrics.lag.set({ topic, partition: String(partition) }, lag);
    }
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      // Kafka's absence is the consumer's to tell.
      await report().catch((error: unknown) => logger.debug({ err: error }, 'the lag is not known'));
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    assigned: (assignment) => {
      metrics.lag.reset();
      own = new Set(assignment.flatMap(({ topic, partitions }) => partitions.map((id) => `${topic}/${id}`)));
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

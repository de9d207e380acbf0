import { DependencyError } from '../domain/dependency-error.ts';
import { noTracer, type Tracer } from '../domain/tracing.ts';
import type { KafkaConnection } from './connection.ts';
import { type DeadLetterLimit, DeadLetterWindow } from './dead-letter-limit.ts';
import type { Engine, Handle } from './engine.ts';
import { asKafkaError, protocolTypes } from './errors.ts';
import type { Logger } from './logger.ts';
import { Membership } from './membership.ts';
import type { ConsumerObserver } from './observer.ts';
import type { MessageProducer } from './producer.ts';
import { type Health, Progress } from './progress.ts';
import { isTransient, Outage, type RetryPolicy } from './retry.ts';
import { type ReadSettings, Session } from './session.ts';
import { failure, StalledError, type StopReason } from './stop-reason.ts';
import { wait } from './wait.ts';

/** What a consumer reads, what it does with it, and its limits. Times in milliseconds. */
export interface ConsumerOptions {
  readonly connection: KafkaConnection;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly handle: Handle;
  readonly deadLetters: { readonly topic: string; readonly producer: MessageProducer; readonly limit: DeadLetterLimit };
  readonly logger: Logger;
  /** Where the spans of batches and messages go; nowhere when absent. */
  readonly tracer?: Tracer;
  readonly observer?: Partial<ConsumerObserver>;
  /** Messages given to the handler at once; 500. */
  readonly maxBatchMessages?: number;
  /** Bytes of keys and values given to the handler at once; 4 MiB. A larger message comes alone. */
  readonly maxBatchBytes?: number;
  /** Waits between attempts while a dependency is away: from 0.2 s to 30 s, given up after 10 minutes. */
  readonly retry?: RetryPolicy;
  /** Time for finishing the chunk in flight on stop; 10 s. */
  readonly drainMs?: number;
  /** Time without progress after which the consumer is not live (2 minutes) and after which it ends (10 minutes). */
  readonly stall?: { readonly unhealthyMs: number; readonly exitMs: number };
  /** How it reads; see `defaultReadSettings`. */
  readonly read?: Partial<Omit<ReadSettings, 'topics' | 'drainMs'>>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/** Reads topics as a member of a group and handles every message at least once. */
export interface MessageConsumer {
  /** Reads until stopped or failed; never rejects. To be called once. */
  run(): Promise<StopReason>;
  /** Ends `run` gracefully: chunks in flight are finished and committed, then the group is left. */
  stop(): Promise<void>;
  health(): Health;
}

/**
 * Reading that is quick to react (half a second), tells a slow handler from a dead member (15 s without a heartbeat),
 * waits for slow chunks of other members when the group changes (2 minutes), and holds little in memory: a fetch of
 * 1 MiB may unpack to twenty times that.
 */
export const defaultReadSettings: Omit<ReadSettings, 'topics' | 'drainMs'> = {
  sessionTimeoutMs: 15_000,
  heartbeatMs: 3_000,
  rebalanceTimeoutMs: 120_000,
  maxWaitMs: 500,
  fetchBytes: 1024 * 1024,
  fetchBytesPerPartition: 256 * 1024,
  concurrency: 4,
};

/** Time for which a missing topic may be one that the brokers have not told each other of yet. */
const missingTopicGraceMs = 10_000;

/** Makes a consumer; `run` connects it. */
export function createConsumer(options: ConsumerOptions): MessageConsumer {
  return new EngineConsumer(options);
}

class EngineConsumer implements MessageConsumer {
  readonly #options: ConsumerOptions;
  readonly #engine: Engine;
  readonly #read: ReadSettings;
  readonly #stall: { readonly unhealthyMs: number; readonly exitMs: number };
  readonly #stopped = new AbortController();
  #session: Session | undefined;
  #running: Promise<StopReason> | undefined;

  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#stall = options.stall ?? { unhealthyMs: 120_000, exitMs: 600_000 };
    const drainMs = options.drainMs ?? 10_000;
    this.#read = { ...defaultReadSettings, ...options.read, topics: options.topics, drainMs };
    this.#engine = engineFor(options, this.#read, this.#stall.unhealthyMs);
  }

  run(): Promise<StopReason> {
    this.#running ??= this.#runGuarded();
    return this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#session?.end({ kind: 'stopped' });
    await this.#running;
  }

  health(): Health {
    return this.#engine.progress.health();
  }

  async #runGuarded(): Promise<StopReason> {
    const watchdog = setInterval(() => this.#watch(), Math.min(1_000, this.#stall.exitMs / 4));
    const reason = await this.#runSessions()
      .catch(failure)
      .finally(() => clearInterval(watchdog));
    const { groupId } = this.#options;
    if (reason.kind === 'stopped') this.#options.logger.info({ groupId }, 'the consumer has stopped');
    else this.#options.logger.fatal({ groupId, exitCode: reason.exitCode, err: reason.error }, reason.error.message);
    return reason;
  }

  #watch(): void {
    const { progress } = this.#engine;
    if (progress.stalledMs() < this.#stall.exitMs) return;
    const { detail } = progress.health();
    this.#session?.end(failure(new StalledError(`The consumer is stuck: ${detail}. What it holds is not committed.`)));
  }

  async #runSessions(): Promise<StopReason> {
    const { retry, now, random, progress, observer, wait } = this.#engine;
    const outage = new Outage(retry, now, random);
    let missingSince: number | undefined;
    while (!this.#stopped.signal.aborted) {
      progress.connecting();
      this.#session = new Session(this.#options.connection, this.#engine, this.#read);
      const end = await this.#session.run();
      if (end.kind !== 'crashed') return end;
      if (this.#session.settled) {
        outage.over();
        missingSince = undefined;
      }
      const error = this.#judge(end.error);
      if (protocolTypes(error).includes('UNKNOWN_TOPIC_OR_PARTITION')) missingSince ??= now();
      const spreading = missingSince !== undefined && now() - missingSince < missingTopicGraceMs;
      if (!isTransient(error) && !spreading) throw error;
      const { delayMs, attempts } = outage.failed(error);
      observer.restarted();
      this.#options.logger.warn({ err: error, attempts, delayMs }, 'the Kafka consumer broke off, building a new one');
      progress.connecting();
      await wait(delayMs, this.#stopped.signal);
    }
    return { kind: 'stopped' };
  }

  /** Why kafkajs gave up. What cannot be judged is a defect in it: a new consumer gets a chance, for a while. */
  #judge(error: unknown): DependencyError {
    const judged = asKafkaError(error, `serve group ${this.#options.groupId} on ${this.#options.topics.join(', ')}`);
    if (judged instanceof DependencyError) return judged;
    return new DependencyError('kafka', 'transient', 'the Kafka client failed unexpectedly', { cause: error });
  }
}

function engineFor(options: ConsumerOptions, read: ReadSettings, unhealthyMs: number): Engine {
  const now = options.now ?? Date.now;
  const random = options.random ?? Math.random;
  const retry = options.retry ?? { initialMs: 200, maxMs: 30_000, giveUpMs: 600_000 };
  const { deadLetters, observer, logger } = options;
  const outages = new Map<string, Outage>();
  return {
    groupId: options.groupId,
    handle: options.handle,
    chunkLimits: { messages: options.maxBatchMessages ?? 500, bytes: options.maxBatchBytes ?? 4 * 1024 * 1024 },
    deadLetters: {
      topic: deadLetters.topic,
      send: (letters) => deadLetters.producer.send(letters),
      window: new DeadLetterWindow(deadLetters.limit),
    },
    retry,
    outageOf(partition) {
      const outage = outages.get(partition) ?? new Outage(retry, now, random);
      outages.set(partition, outage);
      return outage;
    },
    membership: new Membership(read, now, logger),
    progress: new Progress(now, unhealthyMs),
    observer: {
      chunkHandled: (chunk) => observer?.chunkHandled?.(chunk),
      retrying: (attempt) => observer?.retrying?.(attempt),
      heartbeat: () => observer?.heartbeat?.(),
      restarted: () => observer?.restarted?.(),
      assigned(assignment) {
        // An outage of a partition that went elsewhere must not be remembered when it comes back.
        const own = new Set(assignment.flatMap(({ topic, partitions }) => partitions.map((id) => `${topic}/${id}`)));
        for (const partition of outages.keys()) if (!own.has(partition)) outages.delete(partition);
        observer?.assigned?.(assignment);
      },
    },
    logger,
    tracer: options.tracer ?? noTracer,
    now,
    random,
    wait,
  };
}

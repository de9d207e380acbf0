import type { Consumer, EachBatchPayload } from 'kafkajs';
import { CommitError, handleBatch } from './batch.ts';
import type { KafkaConnection } from './connection.ts';
import type { Engine } from './engine.ts';
import { RejoinError } from './membership.ts';
import { failure, type StopReason } from './stop-reason.ts';
import { wait } from './wait.ts';

/** How a session reads from Kafka; times in milliseconds, sizes in bytes as they are on the wire. */
export interface ReadSettings {
  readonly topics: readonly string[];
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly maxWaitMs: number;
  readonly fetchBytes: number;
  readonly fetchBytesPerPartition: number;
  readonly concurrency: number;
  readonly drainMs: number;
}

/** A session either ends the consumer or crashed and wants another one in its place. */
export type SessionEnd = StopReason | { readonly kind: 'crashed'; readonly error: unknown };

/** Milliseconds after which fetching without a crash counts as a connection that works. */
const settledMs = 5_000;

/** Milliseconds left for leaving the group after the handler was told to stop. */
const leaveMs = 1_000;

/** The life of one kafkajs consumer: connect, subscribe, handle batches, leave. Runs once. */
export class Session {
  readonly #engine: Engine;
  readonly #settings: ReadSettings;
  readonly #consumer: Consumer;
  readonly #ending = new AbortController();
  readonly #aborted = new AbortController();
  readonly #ended: Promise<SessionEnd>;
  #finish: (end: SessionEnd) => void = () => {};
  #joinedAt: number | undefined;
  #settled = false;

  constructor(connection: KafkaConnection, engine: Engine, settings: ReadSettings) {
    this.#engine = engine;
    this.#settings = settings;
    this.#consumer = connection.client().consumer({
      groupId: engine.groupId,
      sessionTimeout: settings.sessionTimeoutMs,
      heartbeatInterval: settings.heartbeatMs,
      rebalanceTimeout: settings.rebalanceTimeoutMs,
      maxWaitTimeInMs: settings.maxWaitMs,
      maxBytes: settings.fetchBytes,
      maxBytesPerPartition: settings.fetchBytesPerPartition,
      allowAutoTopicCreation: false,
      // kafkajs restarts itself after some crashes and dies of others; koe wants to know of all of them.
      retry: { restartOnFailure: async () => false },
    });
    this.#ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** Whether the connection has worked: something was handled, or fetching went well for a while. */
  get settled(): boolean {
    return this.#settled;
  }

  /** Asks the session to end; the first reason counts. */
  end(reason: SessionEnd): void {
    this.#ending.abort();
    this.#finish(reason);
  }

  /** Reads until the session ends, then finishes the chunks in flight, commits them and leaves the group. */
  async run(): Promise<SessionEnd> {
    this.#listen();
    const started = this.#start().catch((error: unknown) => this.end({ kind: 'crashed', error }));
    const end = await this.#ended;
    await this.#leave(started);
    return end;
  }

  #listen(): void {
    const { events } = this.#consumer;
    const { membership, progress, observer, logger, now } = this.#engine;
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) => {
      const assignment = Object.entries(payload.memberAssignment).map(([topic, partitions]) => ({ topic, partitions }));
      this.#joinedAt = now();
      membership.joined();
      progress.joined();
      observer.assigned(assignment);
      logger.info({ groupId: payload.groupId, assignment }, 'joined the consumer group');
    });
    this.#consumer.on(events.FETCH, () => {
      progress.fetched();
      if (this.#joinedAt !== undefined && now() - this.#joinedAt > settledMs) this.#settled = true;
    });
    this.#consumer.on(events.HEARTBEAT, () => {
      membership.confirmed();
      observer.heartbeat();
    });
    this.#consumer.on(events.CRASH, ({ payload }) => this.end({ kind: 'crashed', error: payload.error }));
  }

  async #start(): Promise<void> {
    await this.#consumer.connect();
    if (this.#ending.signal.aborted) return;
    await this.#consumer.subscribe({ topics: [...this.#settings.topics], fromBeginning: true });
    if (this.#ending.signal.aborted) return;
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.#settings.concurrency,
      eachBatch: (payload) => this.#eachBatch(payload),
    });
  }

  /** Passes only a wanted re-join on to kafkajs; it would answer any other error by retrying the batch itself. */
  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    if (this.#ending.signal.aborted) return;
    try {
      await handleBatch(this.#engine, payload, { ending: this.#ending.signal, aborted: this.#aborted.signal });
      this.#settled = true;
    } catch (error) {
      if (error instanceof RejoinError) throw error.cause;
      this.end(error instanceof CommitError ? { kind: 'crashed', error: error.cause } : failure(error));
    }
  }

  /**
   * Leaves the group once the chunks in flight are done. kafkajs forgets a consumer that is stopped while it joins, and
   * that consumer would then read on: so it is never stopped before it has started, even if nobody waits for that.
   */
  async #leave(started: Promise<void>): Promise<void> {
    const { logger } = this.#engine;
    const done = new AbortController();
    const left = started
      .then(() => this.#consumer.disconnect())
      .catch((error: unknown) => logger.debug({ err: error }, 'the consumer did not disconnect cleanly'))
      .finally(() => done.abort());
    const joining = this.#joinedAt === undefined;
    if (!joining) {
      await wait(this.#settings.drainMs, done.signal);
      if (!done.signal.aborted)
        logger.warn({}, 'the chunk in flight was not finished in time; it will be delivered again');
      this.#aborted.abort();
    }
    await Promise.race([left, wait(leaveMs, done.signal)]);
  }
}

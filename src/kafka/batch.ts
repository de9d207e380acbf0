import { randomUUID } from 'node:crypto';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { ReceivedMessage } from '../domain/message.ts';
import type { Verdict } from '../domain/outcome.ts';
import { logDeadLetters, logHandled, tally } from './batch-report.ts';
import { type BatchTrace, traceBatch } from './batch-trace.ts';
import { chunksOf } from './chunks.ts';
import { deadLetterOf, type Rejection } from './dead-letter.ts';
import type { DeadLetterLimit } from './dead-letter-limit.ts';
import type { Engine } from './engine.ts';
import { asksToRejoin } from './errors.ts';
import { guardProduce } from './kafkajs-patches.ts';
import { RejoinError } from './membership.ts';
import type { HandledChunk } from './observer.ts';
import { payloadBytes, receivedMessage } from './received-message.ts';
import { backoffMs, isTransient } from './retry.ts';
import { DeadLetterLimitError } from './stop-reason.ts';

/** Signals of one session. */
export interface SessionSignals {
  /** No further chunk is begun. */
  readonly ending: AbortSignal;
  /** The time for finishing the chunk in flight is over. */
  readonly aborted: AbortSignal;
}

/** The chunk in hand is given up: it is not committed and will be delivered again. */
class Abandoned extends Error {
  override readonly name = 'Abandoned';
}

/** Offsets could not be committed although the messages are handled; the consumer has to be rebuilt. */
export class CommitError extends Error {
  constructor(cause: unknown) {
    super('offsets could not be committed', { cause });
    this.name = 'CommitError';
  }
}

const commitAttempts = 6;

/**
 * Handles what kafkajs fetched of one partition, chunk by chunk. For each chunk: handler, dead letters acknowledged,
 * offset resolved, offset committed; nothing is committed before all of that has happened to everything below it.
 *
 * @throws RejoinError to be passed to kafkajs, CommitError, or whatever ends the consumer
 */
export async function handleBatch(engine: Engine, payload: EachBatchPayload, signals: SessionSignals): Promise<void> {
  const { membership, progress } = engine;
  const { topic, partition } = payload.batch;
  const name = `${topic}/${partition}`;
  const epoch = membership.epoch;
  progress.holds(name);
  try {
    await membership.keepAlive(payload.heartbeat, async () => {
      for (const chunk of chunksOf(payload.batch.messages, engine.chunkLimits, payloadBytes)) {
        membership.check();
        if (signals.ending.aborted || payload.isStale() || !membership.owns(epoch)) return;
        await new Chunk(engine, payload, signals, epoch, chunk).handle();
        progress.holds(name);
      }
      membership.check();
    });
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error;
    membership.check();
  } finally {
    progress.releases(name);
  }
}

/** The messages that are handled, diverted and committed together. */
class Chunk {
  readonly #engine: Engine;
  readonly #payload: EachBatchPayload;
  readonly #signals: SessionSignals;
  readonly #epoch: number;
  readonly #name: string;
  #messages: readonly ReceivedMessage[];
  /** What every log line about this chunk carries. */
  #about: object;

  constructor(
    engine: Engine,
    payload: EachBatchPayload,
    signals: SessionSignals,
    epoch: number,
    messages: readonly KafkaMessage[],
  ) {
    const { topic, partition } = payload.batch;
    this.#engine = engine;
    this.#payload = payload;
    this.#signals = signals;
    this.#epoch = epoch;
    this.#messages = messages.map((message) => receivedMessage(topic, partition, message));
    this.#name = `${topic}/${partition}`;
    const firstOffset = this.#messages.at(0)?.offset;
    const lastOffset = this.#messages.at(-1)?.offset;
    this.#about = { batch: randomUUID(), topic, partition, firstOffset, lastOffset };
  }

  async handle(): Promise<void> {
    const { tracer, groupId, logger } = this.#engine;
    try {
      await traceBatch(tracer, groupId, this.#messages, (messages, trace) => this.#handle(messages, trace));
    } catch (error) {
      if (error instanceof Abandoned || error instanceof RejoinError)
        logger.info(this.#about, 'gave up a batch uncommitted; it will be delivered again');
      else logger.warn({ ...this.#about, err: error }, 'a batch failed and is not committed');
      throw error;
    }
  }

  async #handle(messages: readonly ReceivedMessage[], trace: BatchTrace): Promise<readonly Verdict[]> {
    this.#messages = messages;
    this.#about = { ...this.#about, ...trace };
    const begun = this.#engine.now();
    const verdicts = await this.#untilAvailable(() => this.#verdicts());
    this.#giveUpUnlessOwned();
    await this.#divert(verdicts);
    this.#giveUpUnlessOwned();
    const last = this.#messages.at(-1);
    if (last !== undefined) this.#payload.resolveOffset(last.offset);
    await this.#commit();
    this.#engine.outageOf(this.#name).over();
    this.#report(verdicts, (this.#engine.now() - begun) / 1000);
    return verdicts;
  }

  async #verdicts(): Promise<readonly Verdict[]> {
    let verdicts: readonly Verdict[];
    try {
      // What is sent after another member has taken over would come behind what that one sends.
      verdicts = await guardProduce(
        () => this.#engine.membership.checkHold(this.#epoch),
        () => this.#engine.handle(this.#messages, this.#signals.aborted),
      );
    } catch (error) {
      if (this.#signals.aborted.aborted) throw new Abandoned();
      throw error;
    }
    if (verdicts.length !== this.#messages.length) {
      throw new Error(`The handler returned ${verdicts.length} verdicts for ${this.#messages.length} messages`);
    }
    return verdicts;
  }

  async #divert(verdicts: readonly Verdict[]): Promise<void> {
    const { deadLetters, now } = this.#engine;
    const at = now();
    const rejected = this.#messages.flatMap((message, index) => {
      const verdict = verdicts[index];
      return verdict?.kind === 'dead-letter' ? [{ message, rejection: verdict }] : [];
    });
    const [first] = rejected;
    if (first === undefined) return;
    const { window, topic } = deadLetters;
    if (!window.admit(rejected.length, at)) throw limitPassed(window.limit, first.message, first.rejection);
    const letters = rejected.map(({ message, rejection }) => deadLetterOf(message, rejection, topic, at));
    await this.#untilAvailable(() => deadLetters.send(letters));
    logDeadLetters(this.#engine.logger, this.#about, rejected);
  }

  /** Tries again as long as a dependency is away, unless the group or the operator wants something else. */
  async #untilAvailable<T>(attempt: () => Promise<T>): Promise<T> {
    const { outageOf, progress, observer, logger, membership, wait } = this.#engine;
    outageOf(this.#name).resumed();
    for (;;) {
      try {
        const result = await attempt();
        progress.goesOn(this.#name);
        return result;
      } catch (error) {
        if (!isTransient(error)) throw error;
        const { delayMs, attempts } = outageOf(this.#name).failed(error);
        const { dependency } = error;
        logger.warn(
          { ...this.#about, dependency, attempts, delayMs, err: error },
          `${dependency} is away, trying again`,
        );
        observer.retrying({ dependency, attempts, delayMs });
        progress.waitsFor(this.#name, dependency);
        await wait(delayMs, this.#signals.ending, membership.rejoinWanted);
        if (this.#signals.ending.aborted) throw new Abandoned();
        membership.check();
      }
    }
  }

  #giveUpUnlessOwned(): void {
    if (this.#signals.aborted.aborted || !this.#engine.membership.owns(this.#epoch)) throw new Abandoned();
  }

  async #commit(): Promise<void> {
    const { retry, random, wait } = this.#engine;
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.#payload.commitOffsetsIfNecessary(this.#payload.uncommittedOffsets());
        return;
      } catch (error) {
        if (asksToRejoin(error)) throw new RejoinError(error);
        if (attempt + 1 >= commitAttempts || this.#signals.ending.aborted) throw new CommitError(error);
        await wait(backoffMs(attempt + 1, retry, random), this.#signals.ending);
      }
    }
  }

  #report(verdicts: readonly Verdict[], seconds: number): void {
    const { topic, partition, highWatermark } = this.#payload.batch;
    const last = this.#messages.at(-1)?.offset ?? '0';
    const handled: HandledChunk = {
      topic,
      partition,
      messages: verdicts.length,
      seconds,
      ok: verdicts.filter(({ kind }) => kind === 'ok').length,
      dropped: tally(verdicts.flatMap((verdict) => (verdict.kind === 'drop' ? [verdict.reason] : []))),
      deadLetters: tally(verdicts.flatMap((verdict) => (verdict.kind === 'dead-letter' ? [verdict.code] : []))),
      lag: Math.max(0, Number(BigInt(highWatermark) - BigInt(last) - 1n)),
    };
    this.#engine.observer.chunkHandled(handled);
    logHandled(this.#engine.logger, this.#about, handled, this.#messages, verdicts);
  }
}

function limitPassed(limit: DeadLetterLimit, message: ReceivedMessage, rejection: Rejection): DeadLetterLimitError {
  const { topic, partition, offset } = message;
  return new DeadLetterLimitError(
    `More than ${limit.count} dead letters within ${limit.windowMs / 1000} s: stopped before diverting more. Nothing ` +
      `of this batch was diverted or committed. Its first bad message is ${topic}, partition ${partition}, offset ` +
      `${offset}: ${rejection.code}. Mend its producer (or koe), or raise the limit, then start again.`,
  );
}

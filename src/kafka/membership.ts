import { asksToRejoin, protocolTypes } from './errors.ts';
import type { Logger } from './logger.ts';

/** The group asks this member to join again; kafkajs does so when it is given the cause. */
export class RejoinError extends Error {
  constructor(cause: unknown) {
    super('the consumer group is rebalancing', { cause });
    this.name = 'RejoinError';
  }
}

/** What a consumer knows of its place in the group, kept true by heartbeats that do not wait for the handler. */
export class Membership {
  readonly #heartbeatMs: number;
  readonly #logger: Logger;
  #epoch = 0;
  #expelled = false;
  #rejoin = new AbortController();

  constructor(heartbeatMs: number, logger: Logger) {
    this.#heartbeatMs = heartbeatMs;
    this.#logger = logger;
  }

  /** Changes with every assignment; what was fetched under an earlier one may belong to somebody else now. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Aborted as soon as the group wants this member to join again. */
  get rejoinWanted(): AbortSignal {
    return this.#rejoin.signal;
  }

  /** A new assignment has arrived. */
  joined(): void {
    this.#epoch += 1;
    this.#expelled = false;
    this.#rejoin = new AbortController();
  }

  /** Whether work begun under `epoch` may still be committed: until the group has actually moved on without us. */
  owns(epoch: number): boolean {
    return epoch === this.#epoch && !this.#expelled;
  }

  /** Throws RejoinError if the group has asked for it. */
  check(): void {
    if (this.#rejoin.signal.aborted) throw new RejoinError(this.#rejoin.signal.reason);
  }

  /** Runs the work while beating the group's heart from a timer, so that slow work does not cost the partitions. */
  async keepAlive<T>(heartbeat: () => Promise<void>, work: () => Promise<T>): Promise<T> {
    // kafkajs drops a beat that comes before the interval is over; twice as often keeps it within one and a half.
    const timer = setInterval(() => void this.#beat(heartbeat), this.#heartbeatMs / 2);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  async #beat(heartbeat: () => Promise<void>): Promise<void> {
    const epoch = this.#epoch;
    try {
      await heartbeat();
    } catch (error) {
      if (epoch !== this.#epoch) return;
      if (asksToRejoin(error)) {
        this.#expelled ||= protocolTypes(error).some((type) => /^(ILLEGAL_GENERATION|UNKNOWN_MEMBER_ID)$/.test(type));
        this.#rejoin.abort(error);
      } else {
        // The coordinator may be restarting. If it stays away, the commit will say so.
        this.#logger.debug({ err: error }, 'a heartbeat was not answered');
      }
    }
  }
}

import { DependencyError } from '../domain/dependency-error.ts';
import { asksToRejoin, protocolTypes } from './errors.ts';
import type { Logger } from './logger.ts';

/** The group asks this member to join again; kafkajs does so when it is given the cause. */
export class RejoinError extends Error {
  constructor(cause: unknown) {
    super('the consumer group is rebalancing', { cause });
    this.name = 'RejoinError';
  }
}

/** How long a membership lasts, in milliseconds. */
export interface MembershipTimes {
  readonly heartbeatMs: number;
  /** Without a heartbeat for so long the group goes on without this member. */
  readonly sessionTimeoutMs: number;
  /** A member that does not join again for so long is left behind. */
  readonly rebalanceTimeoutMs: number;
}

/** What a consumer knows of its place in the group, kept true by heartbeats that do not wait for the handler. */
export class Membership {
  readonly #times: MembershipTimes;
  readonly #now: () => number;
  readonly #logger: Logger;
  #epoch = 0;
  #expelled = false;
  #rejoin = new AbortController();
  /** When the group's last answer but one came: the request behind the last one was sent after that. */
  #knownFrom = 0;
  #answeredAt = 0;
  #rejoinBy = Number.POSITIVE_INFINITY;

  constructor(times: MembershipTimes, now: () => number, logger: Logger) {
    this.#times = times;
    this.#now = now;
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
    this.#answeredAt = this.#now();
    this.#knownFrom = this.#answeredAt;
    this.#rejoinBy = Number.POSITIVE_INFINITY;
  }

  /** The group answered a heartbeat. */
  confirmed(): void {
    this.#knownFrom = this.#answeredAt;
    this.#answeredAt = this.#now();
  }

  /** Whether work begun under `epoch` may still be committed: until the group has actually moved on without us. */
  owns(epoch: number): boolean {
    return epoch === this.#epoch && !this.#expelled;
  }

  /**
   * Makes sure that the group cannot have given work begun under `epoch` to another member yet. Judged by the clock: a
   * process that was stopped for a while runs on with what it knew before.
   *
   * @throws DependencyError (transient) when it may have
   */
  checkHold(epoch: number): void {
    const now = this.#now();
    if (this.owns(epoch) && now < this.#knownFrom + this.#times.sessionTimeoutMs && now < this.#rejoinBy) return;
    throw new DependencyError('kafka', 'transient', 'the group may have given the partition to another member');
  }

  /** Throws RejoinError if the group has asked for it. */
  check(): void {
    if (this.#rejoin.signal.aborted) throw new RejoinError(this.#rejoin.signal.reason);
  }

  /** Runs the work while beating the group's heart from a timer, so that slow work does not cost the partitions. */
  async keepAlive<T>(heartbeat: () => Promise<void>, work: () => Promise<T>): Promise<T> {
    // kafkajs drops a beat that comes before the interval is over; twice as often keeps it within one and a half.
    const timer = setInterval(() => void this.#beat(heartbeat), this.#times.heartbeatMs / 2);
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
        if (!this.#expelled) this.confirmed();
        // The group may have begun to wait for its members right after the last answer that knew nothing of it.
        if (!this.#rejoin.signal.aborted) this.#rejoinBy = this.#knownFrom + this.#times.rebalanceTimeoutMs;
        this.#rejoin.abort(error);
      } else {
        // The coordinator may be restarting. If it stays away, the commit will say so.
        this.#logger.debug({ err: error }, 'a heartbeat was not answered');
      }
    }
  }
}

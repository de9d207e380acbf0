import { DependencyError } from '../domain/dependency-error.ts';

/** How long to wait between attempts, and when to stop attempting; all in milliseconds. */
export interface RetryPolicy {
  /** Upper bound of the first wait. */
  readonly initialMs: number;
  /** Upper bound of any wait. */
  readonly maxMs: number;
  /** Age of an outage at which it is given up. */
  readonly giveUpMs: number;
}

/**
 * The wait before attempt `attempt + 1` (attempts count from 0), in milliseconds: exponential with full jitter, after
 * "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
 *
 * @param random uniform in [0, 1)
 */
export function backoffMs(attempt: number, policy: RetryPolicy, random: () => number): number {
  return Math.round(random() * Math.min(policy.maxMs, policy.initialMs * 2 ** Math.min(attempt, 30)));
}

/** A dependency that stayed away for as long as the policy allows; the work it was needed for is undone. */
export class OutageError extends Error {
  constructor(error: DependencyError, lastedMs: number) {
    super(`${error.dependency} has been away for ${Math.round(lastedMs / 1000)} s, giving up: ${error.message}`, {
      cause: error,
    });
    this.name = 'OutageError';
  }
}

/** One stretch of time in which a dependency is away; lasts until `over()`. */
export class Outage {
  readonly #policy: RetryPolicy;
  readonly #now: () => number;
  readonly #random: () => number;
  #since: number | undefined;
  #failedAt = 0;
  #attempts = 0;

  constructor(policy: RetryPolicy, now: () => number, random: () => number) {
    this.#policy = policy;
    this.#now = now;
    this.#random = random;
  }

  /**
   * Takes note of a failed attempt.
   *
   * @returns the milliseconds to wait before the next one, and how many attempts have failed
   * @throws OutageError when the outage has lasted for the policy's `giveUpMs`
   */
  failed(error: DependencyError): { readonly delayMs: number; readonly attempts: number } {
    const now = this.#now();
    this.#since ??= now;
    this.#failedAt = now;
    const lasted = now - this.#since;
    if (lasted >= this.#policy.giveUpMs) throw new OutageError(error, lasted);
    const delayMs = Math.min(backoffMs(this.#attempts, this.#policy, this.#random), this.#policy.giveUpMs - lasted);
    this.#attempts += 1;
    return { delayMs, attempts: this.#attempts };
  }

  /** Attempts go on after a time in which there were none, as during a rebalance: it does not count. */
  resumed(): void {
    if (this.#since !== undefined) this.#since += this.#now() - this.#failedAt;
  }

  /** The dependency answered: the next failure begins a new outage. */
  over(): void {
    this.#since = undefined;
    this.#attempts = 0;
  }
}

/** Whether the error is of a dependency that may come back. */
export function isTransient(error: unknown): error is DependencyError {
  return error instanceof DependencyError && error.nature === 'transient';
}

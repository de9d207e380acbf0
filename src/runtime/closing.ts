import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than anything takes whose other end answers, milliseconds. */
const patienceMs = 5000;
/** Enough to close what needs nobody else. */
const momentMs = 100;

/** What a process has opened and must close again, last opened first. */
export class Closing {
  readonly #steps: (() => Promise<unknown> | unknown)[] = [];
  #closed: Promise<readonly unknown[]> | undefined;

  /** Takes charge of closing something and hands it back. */
  add<T>(resource: T, close: (resource: T) => Promise<unknown> | unknown): T {
    this.#steps.push(() => close(resource));
    return resource;
  }

  /**
   * Closes everything once, in reverse order. Never rejects, so that it hides nothing of what ended the work, and
   * leaves alone what takes too long: the other end of a connection may be gone without a word.
   *
   * @param limitMs time that closing everything may take, but for a moment for each thing that is left then
   * @returns the faults of what could not be closed
   */
  closeAll(limitMs = patienceMs): Promise<readonly unknown[]> {
    this.#closed ??= this.#run(limitMs);
    return this.#closed;
  }

  async #run(limitMs: number): Promise<readonly unknown[]> {
    const faults: unknown[] = [];
    const deadline = performance.now() + limitMs;
    for (const step of this.#steps.reverse()) {
      try {
        await withinLimit(step, Math.max(Math.min(momentMs, limitMs), Math.round(deadline - performance.now())));
      } catch (error) {
        faults.push(error);
      }
    }
    return faults;
  }
}

async function withinLimit(step: () => unknown, limitMs: number): Promise<void> {
  const done = new AbortController();
  const limit = sleep(limitMs, undefined, { signal: done.signal }).then(
    () => {
      throw new Error(`not closed within ${limitMs} ms`);
    },
    () => undefined,
  );
  try {
    await Promise.race([step(), limit]);
  } finally {
    done.abort();
  }
}

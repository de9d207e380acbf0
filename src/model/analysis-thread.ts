import type { Worker } from 'node:worker_threads';
import { DependencyError } from '../domain/dependency-error.ts';
import type { AssetVersions, TextResult, ThreadAnswer, ThreadRequest } from './thread-messages.ts';

/** The thread took longer than allowed or ended (out of memory, uncaught error) before it answered. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost';
}

interface Waiting {
  resolve(answer: ThreadAnswer): void;
  reject(error: Error): void;
}

/** The pool's end of one analysis thread: one request at a time, each with a deadline. */
export class AnalysisThread {
  /** Versions of what the thread loaded; rejects with the `DependencyError` that keeps it from working. */
  readonly ready: Promise<AssetVersions>;
  readonly #worker: Worker;
  #waiting: Waiting | undefined;
  #lost: ThreadLost | undefined;

  constructor(worker: Worker, startTimeoutMs: number) {
    this.#worker = worker;
    worker.on('message', (answer: ThreadAnswer) => this.#waiting?.resolve(answer));
    worker.on('error', (cause) => this.#lose('ended with an error', cause));
    worker.on('exit', (code) => this.#lose(`ended with code ${code}`));
    this.ready = this.#load(startTimeoutMs);
    // Whoever waits for it sees the failure; if the pool is closed first nobody does, and that is no failure.
    this.ready.catch(() => undefined);
  }

  /** Whether the thread has ended and needs a successor. */
  get lost(): boolean {
    return this.#lost !== undefined;
  }

  /**
   * Analyses texts, same length and order.
   *
   * @throws ThreadLost if the thread ends or exceeds the limit; it is terminated then
   */
  async analyze(texts: readonly string[], limitMs: number): Promise<readonly TextResult[]> {
    const answered = this.#answer(limitMs);
    this.#worker.postMessage({ texts } satisfies ThreadRequest);
    const answer = await answered;
    if (answer.kind !== 'results' || answer.results.length !== texts.length) {
      throw new Error('The analysis thread answered something else than it was asked.');
    }
    return answer.results;
  }

  /** Ends the thread whatever it does; resolves when it is gone. */
  async close(): Promise<void> {
    this.#lose('was closed');
    await this.#worker.terminate();
  }

  async #load(limitMs: number): Promise<AssetVersions> {
    let answer: ThreadAnswer;
    try {
      answer = await this.#answer(limitMs);
    } catch (cause) {
      // Not a ThreadLost: no text is to blame for it.
      throw new Error('An analysis thread could not start.', { cause });
    }
    if (answer.kind === 'ready') return answer.versions;
    await this.close();
    if (answer.kind === 'broken') throw new DependencyError(answer.dependency, answer.nature, answer.message);
    throw new Error('The analysis thread answered before it was asked.');
  }

  #answer(limitMs: number): Promise<ThreadAnswer> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    let deadline: NodeJS.Timeout;
    return new Promise<ThreadAnswer>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      deadline = setTimeout(() => {
        // An answer may lie unread if it was this thread that stood still: look at the mail first, then give up.
        setImmediate(() => {
          if (this.#waiting?.reject === reject) void this.#expire(limitMs);
        });
      }, limitMs);
    }).finally(() => {
      clearTimeout(deadline);
      this.#waiting = undefined;
    });
  }

  async #expire(limitMs: number): Promise<void> {
    this.#lose(`gave no answer within ${limitMs} ms`);
    await this.#worker.terminate();
  }

  #lose(what: string, cause?: unknown): void {
    const reason = cause instanceof Error ? `: ${cause.message}` : '';
    this.#lost ??= new ThreadLost(`The analysis thread ${what}${reason}.`, { cause });
    this.#waiting?.reject(this.#lost);
  }
}

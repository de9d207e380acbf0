import type { ChildProcess } from 'node:child_process';
import type { RequestedText } from '../domain/analysis.ts';
import { DependencyError } from '../domain/dependency-error.ts';
import type { TenantDictionary } from '../domain/dictionary.ts';
import type { AnalysisAnswer, AnalysisRequest, AssetVersions, TextResult } from './process-messages.ts';

/** The process took longer than allowed or ended (out of memory, uncaught error) before it answered. */
export class ProcessLost extends Error {
  override readonly name = 'ProcessLost';
}

interface Waiting {
  resolve(answer: AnalysisAnswer): void;
  reject(error: Error): void;
}

const keptOfStandardError = 4096;

/** The pool's end of one analysis process: one request at a time, each with a deadline. */
export class AnalysisProcess {
  /** Versions of what the process loaded; rejects with the `DependencyError` that keeps it from working. */
  readonly ready: Promise<AssetVersions>;
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #waiting: Waiting | undefined;
  #lost: ProcessLost | undefined;
  #standardError = '';
  /** Dictionaries that the process has, by tenant. */
  readonly #sent = new Map<string, TenantDictionary>();

  constructor(child: ChildProcess, startTimeoutMs: number) {
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#standardError = (this.#standardError + text).slice(0, keptOfStandardError);
    });
    child.on('message', (answer: AnalysisAnswer) => this.#waiting?.resolve(answer));
    child.on('error', (error) => this.#lose(`cannot be reached: ${error.message}`));
    this.#gone = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        const reason = /^(?:\w*Error|FATAL ERROR): .*$/m.exec(this.#standardError)?.[0];
        this.#lose(`ended with ${signal ?? `code ${code}`}${reason === undefined ? '' : `: ${reason}`}`);
        resolve();
      });
    });
    this.ready = this.#load(startTimeoutMs);
    // Whoever waits for it sees the failure; if the pool is closed first nobody does, and that is no failure.
    this.ready.catch(() => undefined);
  }

  /** Whether the process has ended and needs a successor. */
  get lost(): boolean {
    return this.#lost !== undefined;
  }

  /**
   * Analyses texts, same length and order.
   *
   * @throws ProcessLost if the process ends or exceeds the limit; it is killed then
   */
  async analyze(texts: readonly RequestedText[], limitMs: number): Promise<readonly TextResult[]> {
    const answered = this.#answer(limitMs);
    this.#child.send(this.#request(texts), (error) => {
      if (error !== null) this.#lose(`cannot be reached: ${error.message}`);
    });
    const answer = await answered;
    if (answer.kind !== 'results' || answer.results.length !== texts.length) {
      throw new Error('The analysis process answered something else than it was asked.');
    }
    return answer.results;
  }

  #request(texts: readonly RequestedText[]): AnalysisRequest {
    const dictionaries: TenantDictionary[] = [];
    for (const { dictionary } of texts) {
      if (dictionary === undefined || this.#sent.get(dictionary.tenant)?.version === dictionary.version) continue;
      this.#sent.set(dictionary.tenant, dictionary);
      dictionaries.push(dictionary);
    }
    return {
      texts: texts.map(({ dictionary, ...text }) => ({ ...text, tenant: dictionary?.tenant })),
      dictionaries,
    };
  }

  /** Ends the process whatever it does; resolves when it is gone. */
  async close(): Promise<void> {
    this.#lose('was closed');
    await this.#gone;
  }

  async #load(limitMs: number): Promise<AssetVersions> {
    let answer: AnalysisAnswer;
    try {
      answer = await this.#answer(limitMs);
    } catch (cause) {
      // Not a ProcessLost: no text is to blame for it.
      throw new Error('An analysis process could not start.', { cause });
    }
    if (answer.kind === 'ready') return answer.versions;
    await this.close();
    if (answer.kind === 'broken') throw new DependencyError(answer.dependency, answer.nature, answer.message);
    throw new Error('The analysis process answered before it was asked.');
  }

  #answer(limitMs: number): Promise<AnalysisAnswer> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    let deadline: NodeJS.Timeout;
    return new Promise<AnalysisAnswer>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      deadline = setTimeout(() => {
        // An answer may lie unread if it was this process that stood still: look at the mail first, then give up.
        setImmediate(() => {
          if (this.#waiting?.reject === reject) this.#lose(`gave no answer within ${limitMs} ms`);
        });
      }, limitMs);
    }).finally(() => {
      clearTimeout(deadline);
      this.#waiting = undefined;
    });
  }

  /** Only the first reason counts; the rest are its consequences. */
  #lose(reason: string): void {
    this.#lost ??= new ProcessLost(`The analysis process ${reason}.`);
    this.#waiting?.reject(this.#lost);
    this.#child.kill('SIGKILL');
  }
}

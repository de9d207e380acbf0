import { isDeepStrictEqual } from 'node:util';
import type { Worker } from 'node:worker_threads';
import type { TextAnalyzer } from '../domain/analysis.ts';
import { DependencyError } from '../domain/dependency-error.ts';
import { AnalysisThread, ThreadLost } from './analysis-thread.ts';
import type { TextResult } from './thread-messages.ts';
import { splitWork } from './work-split.ts';

/** How a pool of analysis threads is made. */
export interface ThreadPoolOptions {
  /** At least 1. */
  readonly threads: number;
  /** Starts a thread that serves analysis requests. */
  readonly startWorker: () => Worker;
  /** Milliseconds that one text may take alone; a part of n texts may take 1 + (n − 1) / 10 times as long. */
  readonly textTimeoutMs: number;
  /** Milliseconds that a thread may take to load dictionary and model. */
  readonly startTimeoutMs: number;
  /** koe's own version. */
  readonly pipelineVersion: string;
}

/** A place in the pool, and the thread that fills it at present. */
interface Lane {
  thread: AnalysisThread;
}

/**
 * Starts threads and spreads batches of texts over them. A thread works on one part at a time, so at most one part
 * per thread is ever in a queue between threads; everything else waits with its caller. A thread that dies or takes
 * too long is replaced and the texts of its part are tried once more, each alone.
 *
 * @throws DependencyError if what the threads need is missing or broken
 */
export async function startThreadPool(options: ThreadPoolOptions): Promise<TextAnalyzer> {
  const { threads, startWorker, textTimeoutMs, startTimeoutMs, pipelineVersion } = options;
  const startThread = () => new AnalysisThread(startWorker(), startTimeoutMs);
  const lanes = Array.from({ length: threads }, (): Lane => ({ thread: startThread() }));
  const freeLanes = [...lanes];
  const waiting: ((lane: Lane) => void)[] = [];
  let closed = false;

  const loaded = await Promise.all(lanes.map(({ thread }) => thread.ready)).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const versions = loaded[0];
  if (versions === undefined) throw new RangeError('a pool needs at least one thread');

  return { versions: { ...versions, pipeline: pipelineVersion }, analyze, close };

  async function analyze(texts: readonly string[]): Promise<readonly TextResult[]> {
    const parts = splitWork(texts, threads);
    const results = await Promise.all(parts.map((part) => analyzePart(part.map(({ text }) => text))));
    const places = parts.flat().map(({ index }) => index);
    const inOrder = new Array<TextResult>(texts.length);
    for (const [position, result] of results.flat().entries()) inOrder[places[position] as number] = result;
    return inOrder;
  }

  async function analyzePart(texts: readonly string[]): Promise<readonly TextResult[]> {
    try {
      return await runInThread(texts);
    } catch (error) {
      if (!(error instanceof ThreadLost)) throw error;
      return (await Promise.all(texts.map(analyzeAlone))).flat();
    }
  }

  async function analyzeAlone(text: string): Promise<readonly TextResult[]> {
    try {
      return await runInThread([text]);
    } catch (error) {
      if (!(error instanceof ThreadLost)) throw error;
      return [{ failure: 'timeout', detail: error.message }];
    }
  }

  async function runInThread(texts: readonly string[]): Promise<readonly TextResult[]> {
    const lane = freeLanes.pop() ?? (await new Promise<Lane>((resolve) => waiting.push(resolve)));
    try {
      if (closed) throw new Error('The analyzer is closed.');
      if (lane.thread.lost) await replaceThread(lane);
      return await lane.thread.analyze(texts, textTimeoutMs * (1 + (texts.length - 1) / 10));
    } finally {
      const next = waiting.shift();
      if (next === undefined) freeLanes.push(lane);
      else next(lane);
    }
  }

  async function replaceThread(lane: Lane): Promise<void> {
    lane.thread = startThread();
    const found = await lane.thread.ready;
    if (isDeepStrictEqual(found, versions)) return;
    await lane.thread.close();
    const problem = 'The files of the model or a dictionary changed while koe was running. Start it again.';
    throw new DependencyError('model', 'permanent', problem);
  }

  async function close(): Promise<void> {
    closed = true;
    await Promise.all(lanes.map(({ thread }) => thread.close()));
  }
}

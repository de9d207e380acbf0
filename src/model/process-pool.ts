import type { ChildProcess } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import type { RequestedText, TextAnalyzer } from '../domain/analysis.ts';
import { DependencyError } from '../domain/dependency-error.ts';
import { AnalysisProcess, ProcessLost } from './analysis-process.ts';
import type { TextResult } from './process-messages.ts';
import { splitWork } from './work-split.ts';

/** How a pool of analysis processes is made. */
export interface ProcessPoolOptions {
  /** At least 1. */
  readonly processes: number;
  /** Starts a process that serves analysis requests. */
  readonly startChild: () => ChildProcess;
  /** Milliseconds that one text may take alone; a part of n texts may take 1 + (n − 1) / 64 times as long. */
  readonly textTimeoutMs: number;
  /** Milliseconds that a process may take to load dictionary and model. */
  readonly startTimeoutMs: number;
  /** koe's own version. */
  readonly pipelineVersion: string;
}

/** A place in the pool, and the process that fills it at present. */
interface Lane {
  process: AnalysisProcess;
}

/**
 * Starts processes and spreads batches of texts over them. A process works on one part at a time, so at most one part
 * per process is ever in a queue between processes; everything else waits with its caller. A process that dies or takes
 * too long is replaced and the texts of its part are tried once more, each alone.
 *
 * @throws DependencyError if what the processes need is missing or broken
 */
export async function startProcessPool(options: ProcessPoolOptions): Promise<TextAnalyzer> {
  const { processes, startChild, textTimeoutMs, startTimeoutMs, pipelineVersion } = options;
  const startProcess = () => new AnalysisProcess(startChild(), startTimeoutMs);
  const lanes = Array.from({ length: processes }, (): Lane => ({ process: startProcess() }));
  const freeLanes = [...lanes];
  const waiting: ((lane: Lane) => void)[] = [];
  let closed = false;

  const loaded = await Promise.all(lanes.map(({ process }) => process.ready)).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const versions = loaded[0];
  if (versions === undefined) throw new RangeError('a pool needs at least one process');

  return { versions: { ...versions, pipeline: pipelineVersion }, analyze, close };

  async function analyze(texts: readonly RequestedText[]): Promise<readonly TextResult[]> {
    const parts = splitWork(texts, processes);
    const results = await Promise.all(parts.map((part) => analyzePart(part.map(({ asked }) => asked))));
    const places = parts.flat().map(({ index }) => index);
    const inOrder = new Array<TextResult>(texts.length);
    for (const [position, result] of results.flat().entries()) inOrder[places[position] as number] = result;
    return inOrder;
  }

  async function analyzePart(texts: readonly RequestedText[]): Promise<readonly TextResult[]> {
    try {
      return await runInProcess(texts);
    } catch (error) {
      if (!(error instanceof ProcessLost)) throw error;
      return (await Promise.all(texts.map(analyzeAlone))).flat();
    }
  }

  async function analyzeAlone(text: RequestedText): Promise<readonly TextResult[]> {
    try {
      return await runInProcess([text]);
    } catch (error) {
      if (!(error instanceof ProcessLost)) throw error;
      return [{ failure: 'timeout', detail: error.message }];
    }
  }

  async function runInProcess(texts: readonly RequestedText[]): Promise<readonly TextResult[]> {
    const lane = freeLanes.pop() ?? (await new Promise<Lane>((resolve) => waiting.push(resolve)));
    try {
      if (closed) throw new Error('The analyzer is closed.');
      if (lane.process.lost) await replaceProcess(lane);
      return await lane.process.analyze(texts, textTimeoutMs * (1 + (texts.length - 1) / 64));
    } finally {
      const next = waiting.shift();
      if (next === undefined) freeLanes.push(lane);
      else next(lane);
    }
  }

  async function replaceProcess(lane: Lane): Promise<void> {
    lane.process = startProcess();
    const found = await lane.process.ready;
    if (isDeepStrictEqual(found, versions)) return;
    await lane.process.close();
    const problem = 'The files of the model or a dictionary changed while koe was running. Start it again.';
    throw new DependencyError('model', 'permanent', problem);
  }

  async function close(): Promise<void> {
    closed = true;
    await Promise.all(lanes.map(({ process }) => process.close()));
  }
}

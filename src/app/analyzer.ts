import type { TextAnalyzer } from '../domain/analysis.ts';
import { holdNativeRuntime } from '../model/native-runtime.ts';
import { startThreadPool } from '../model/thread-pool.ts';
import { startThread } from '../runtime/thread.ts';
import type { AnalysisThreadData } from './analysis-thread.ts';

/** How to analyse. */
export interface AnalyzerOptions {
  /** Threads that tokenize and score, each on one core; at least 1. */
  readonly threads: number;
  /** Absolute path of the encoder's folder, or `none` to score by the lexicon alone. */
  readonly modelDir: string;
  /** Milliseconds that one text may take. */
  readonly textTimeoutMs: number;
  /** JavaScript heap of one thread in MiB; the dictionary and the model lie outside of it. */
  readonly memoryLimitMb?: number;
  /** koe's own version. */
  readonly pipelineVersion: string;
}

const startTimeoutMs = 60_000;

/**
 * Starts the analyzer: the text layers and the model in threads. A text that takes too much time or memory, or that
 * brings a defect to light, comes back as a failure in its place.
 *
 * @throws DependencyError (permanent) if the model, the taxonomy, the lexicon or the dictionary is broken
 */
export async function createAnalyzer(options: AnalyzerOptions): Promise<TextAnalyzer> {
  const { threads, modelDir, textTimeoutMs, memoryLimitMb = 512, pipelineVersion } = options;
  const workerData: AnalysisThreadData = { modelDir };
  const resourceLimits = { maxOldGenerationSizeMb: memoryLimitMb };
  if (modelDir !== 'none') await holdNativeRuntime();
  const startWorker = () => startThread('analysis', { workerData, resourceLimits });
  return await startThreadPool({ threads, startWorker, textTimeoutMs, startTimeoutMs, pipelineVersion });
}

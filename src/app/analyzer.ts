import type { TextAnalyzer } from '../domain/analysis.ts';
import { startProcessPool } from '../model/process-pool.ts';
import { startChild } from '../runtime/child-process.ts';

/** How to analyse. */
export interface AnalyzerOptions {
  /** How many processes tokenize and score, each with one computing thread; at least 1. */
  readonly processes: number;
  /** Absolute path of the encoder's folder, or `none` to score by the lexicon alone. */
  readonly modelDir: string;
  /** Absolute path of a label map in place of the one in the folder. */
  readonly labelsFile?: string | undefined;
  /** Absolute path of a triage policy in place of koe's own. */
  readonly triagePolicy?: string | undefined;
  /** Milliseconds that one text may take. */
  readonly textTimeoutMs: number;
  /** JavaScript heap of one process in MiB; most of the dictionary and the model lie outside of it. */
  readonly memoryLimitMb?: number;
  /** koe's own version. */
  readonly pipelineVersion: string;
}

const startTimeoutMs = 60_000;

/**
 * Starts the analyzer: the text layers and the model together, in processes of their own. Not in threads: ending a
 * thread that computes in onnxruntime-node ends the whole process. A text that takes too much time or memory, or that
 * brings a defect to light, comes back as a failure in its place.
 *
 * @throws DependencyError (permanent) if the model, the taxonomy, the lexicon or the dictionary is broken
 */
export async function createAnalyzer(options: AnalyzerOptions): Promise<TextAnalyzer> {
  const {
    processes,
    modelDir,
    labelsFile = '',
    triagePolicy = '',
    textTimeoutMs,
    memoryLimitMb = 512,
    pipelineVersion,
  } = options;
  return await startProcessPool({
    processes,
    startChild: () =>
      startChild('analysis', { arguments: [modelDir, labelsFile, triagePolicy], heapMb: memoryLimitMb }),
    textTimeoutMs,
    startTimeoutMs,
    pipelineVersion,
  });
}

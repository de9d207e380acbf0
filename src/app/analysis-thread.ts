import type { MessagePort } from 'node:worker_threads';
import { finishAnalysis, prepareText } from '../analysis/enrichment.ts';
import { loadEnrichmentAssets } from '../analysis/load-assets.ts';
import { DependencyError } from '../domain/dependency-error.ts';
import { createBatchAnalysis } from '../model/batch-analysis.ts';
import { openSentenceScorer } from '../model/sentence-scorer.ts';
import { serveAnalysis, type ThreadAnalysis } from '../model/thread-server.ts';
import { dictionaryVersion } from '../text/tokenizer.ts';

/** What an analysis thread is told at its start. */
export interface AnalysisThreadData {
  /** Folder of the encoder, or `none` to do without. */
  readonly modelDir: string;
}

/** Runs an analysis thread: the text layers and the model together, so that tokens never leave the thread. */
export async function runAnalysisThread(port: MessagePort, { modelDir }: AnalysisThreadData): Promise<void> {
  await serveAnalysis(port, () => openAnalysis(modelDir));
}

async function openAnalysis(modelDir: string): Promise<ThreadAnalysis> {
  const scorer = modelDir === 'none' ? undefined : await openSentenceScorer(modelDir);
  const assets = await loadEnrichmentAssets().catch((cause: unknown) => {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new DependencyError('analysis', 'permanent', `The analysis cannot start: ${problem}`, { cause });
  });
  return {
    versions: {
      model: scorer?.version ?? 'none',
      taxonomy: assets.taxonomy.version,
      lexicon: assets.lexicon.version,
      dictionary: dictionaryVersion,
    },
    analyze: createBatchAnalysis(
      {
        prepare: (text: string) => prepareText(text, assets),
        finish: (prepared, scores) => finishAnalysis(prepared, scores, assets),
      },
      scorer,
    ),
  };
}

import { finishAnalysis, prepareText } from '../analysis/enrichment.ts';
import { loadEnrichmentAssets } from '../analysis/load-assets.ts';
import { DependencyError } from '../domain/dependency-error.ts';
import { createBatchAnalysis } from '../model/batch-analysis.ts';
import { type ServedAnalysis, serveAnalysis } from '../model/process-server.ts';
import { openSentenceScorer } from '../model/sentence-scorer.ts';
import { dictionaryVersion } from '../text/dictionary.ts';

/**
 * Runs an analysis process: the text layers and the model together, so that tokens never leave it.
 *
 * @param modelDir folder of the encoder, or `none` to do without
 * @param labelsFile label map in place of the one in the folder
 */
export async function runAnalysisProcess(child: NodeJS.Process, modelDir: string, labelsFile?: string): Promise<void> {
  await serveAnalysis(child, () => openAnalysis(modelDir, labelsFile));
}

async function openAnalysis(modelDir: string, labelsFile: string | undefined): Promise<ServedAnalysis> {
  const scorer = modelDir === 'none' ? undefined : await openSentenceScorer(modelDir, labelsFile);
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

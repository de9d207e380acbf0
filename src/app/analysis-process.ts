import { finishAnalysis, prepareText } from '../analysis/enrichment.ts';
import { loadEnrichmentAssets } from '../analysis/load-assets.ts';
import type { RequestedText } from '../domain/analysis.ts';
import { DependencyError } from '../domain/dependency-error.ts';
import type { TenantDictionary } from '../domain/dictionary.ts';
import { createBatchAnalysis } from '../model/batch-analysis.ts';
import { type ServedAnalysis, serveAnalysis } from '../model/process-server.ts';
import { openSentenceScorer } from '../model/sentence-scorer.ts';
import type { UserDictionaryTokenizer } from '../text/user-dictionary.ts';

/**
 * Runs an analysis process: the text layers and the model together, so that tokens never leave it.
 *
 * @param modelDir folder of the encoder, or `none` to do without
 * @param labelsFile label map in place of the one in the folder
 * @param triagePolicy file of a triage policy in place of koe's own
 */
export async function runAnalysisProcess(
  child: NodeJS.Process,
  modelDir: string,
  labelsFile?: string,
  triagePolicy?: string,
): Promise<void> {
  await serveAnalysis(child, () => openAnalysis(modelDir, labelsFile, triagePolicy));
}

async function openAnalysis(
  modelDir: string,
  labelsFile: string | undefined,
  triagePolicy: string | undefined,
): Promise<ServedAnalysis> {
  const scorer = modelDir === 'none' ? undefined : await openSentenceScorer(modelDir, labelsFile);
  const assets = await loadEnrichmentAssets(triagePolicy).catch((cause: unknown) => {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new DependencyError('analysis', 'permanent', `The analysis cannot start: ${problem}`, { cause });
  });
  // A dictionary is read once; when a newer version comes, the older one and its tokenizer are forgotten.
  const tokenizers = new WeakMap<TenantDictionary, UserDictionaryTokenizer>();
  const tokenizerFor = (dictionary: TenantDictionary | undefined) => {
    if (dictionary === undefined) return assets.tokenizer;
    const tokenizer = tokenizers.get(dictionary) ?? assets.tokenizer.extended(dictionary);
    tokenizers.set(dictionary, tokenizer);
    return tokenizer;
  };
  return {
    versions: {
      model: scorer?.version ?? 'none',
      taxonomy: assets.taxonomy.version,
      lexicon: assets.lexicon.version,
      dictionary: assets.dictionary,
      triage: assets.triage.version,
    },
    analyze: createBatchAnalysis(
      {
        prepare: ({ text, title, dictionary }: RequestedText) =>
          prepareText(text, { tokenizer: tokenizerFor(dictionary), title }),
        finish: (prepared, scores) => finishAnalysis(prepared, scores, assets),
      },
      scorer,
    ),
  };
}

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import type { TextAnalyzer } from '../domain/analysis.ts';
import { DependencyError } from '../domain/dependency-error.ts';
import { packageVersion } from '../runtime/package-root.ts';
import { createAnalyzer } from './analyzer.ts';
import { modelFolderOf, shippedModel } from './model-store.ts';
import { triagePolicyFile } from './triage-policy.ts';

const mostProcesses = 4;

/**
 * Starts the analyzer that the settings describe.
 *
 * @throws DependencyError (permanent) when the model is broken, or a folder that was asked for holds none
 */
export async function openAnalyzer(settings: Settings): Promise<TextAnalyzer> {
  const modelDir = await modelFolderOf(settings);
  const analyzer = await createAnalyzer({
    processes: settings.KOE_ANALYSIS_PROCESSES ?? Math.min(availableParallelism(), mostProcesses),
    modelDir,
    labelsFile: settings.KOE_MODEL_LABELS && resolve(settings.KOE_MODEL_LABELS),
    triagePolicy: triagePolicyFile(settings),
    textTimeoutMs: settings.KOE_TEXT_TIMEOUT_MS,
    pipelineVersion: packageVersion(),
  });
  if (analyzer.versions.model === 'none' && modelDir !== 'none' && modelDir !== shippedModel()) {
    await analyzer.close();
    const problem = `KOE_MODEL: there is no model in ${modelDir}; give its folder, or none for the lexicon alone`;
    throw new DependencyError('model', 'permanent', problem);
  }
  return analyzer;
}

import { availableParallelism } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { defaultModel, type Settings } from '../config/settings.ts';
import type { TextAnalyzer } from '../domain/analysis.ts';
import { DependencyError } from '../domain/dependency-error.ts';
import { packageRoot, packageVersion } from '../runtime/package-root.ts';
import { createAnalyzer } from './analyzer.ts';

const mostProcesses = 4;

/**
 * Starts the analyzer that the settings describe; a relative KOE_MODEL is a folder of koe's own.
 *
 * @throws DependencyError (permanent) when the model is broken, or a folder that was asked for holds none
 */
export async function openAnalyzer(settings: Settings): Promise<TextAnalyzer> {
  const model = settings.KOE_MODEL;
  const modelDir = model === 'none' || isAbsolute(model) ? model : join(packageRoot(), model);
  const analyzer = await createAnalyzer({
    processes: settings.KOE_ANALYSIS_PROCESSES ?? Math.min(availableParallelism(), mostProcesses),
    modelDir,
    textTimeoutMs: settings.KOE_TEXT_TIMEOUT_MS,
    pipelineVersion: packageVersion(),
  });
  if (analyzer.versions.model === 'none' && model !== 'none' && model !== defaultModel) {
    await analyzer.close();
    const problem = `KOE_MODEL: there is no model in ${modelDir}; give its folder, or none for the lexicon alone`;
    throw new DependencyError('model', 'permanent', problem);
  }
  return analyzer;
}

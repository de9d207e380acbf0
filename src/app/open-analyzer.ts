import { availableParallelism } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import type { TextAnalyzer } from '../domain/analysis.ts';
import { packageRoot, packageVersion } from '../runtime/package-root.ts';
import { createAnalyzer } from './analyzer.ts';

const mostProcesses = 4;

/** Starts the analyzer that the settings describe; a relative KOE_MODEL is a folder of koe's own. */
export function openAnalyzer(settings: Settings): Promise<TextAnalyzer> {
  const model = settings.KOE_MODEL;
  return createAnalyzer({
    processes: settings.KOE_ANALYSIS_PROCESSES ?? Math.min(availableParallelism(), mostProcesses),
    modelDir: model === 'none' || isAbsolute(model) ? model : join(packageRoot(), model),
    textTimeoutMs: settings.KOE_TEXT_TIMEOUT_MS,
    pipelineVersion: packageVersion(),
  });
}

import type { RequestedText } from '../domain/analysis.ts';
import { DependencyError } from '../domain/dependency-error.ts';
import type { TenantDictionary } from '../domain/dictionary.ts';
import type { AnalysisAnswer, AnalysisRequest, AssetVersions, TextResult } from './process-messages.ts';

/** What a process does for the pool. */
export interface ServedAnalysis {
  readonly versions: AssetVersions;
  /** Same length and order out as in. What it throws ends the process. */
  analyze(texts: readonly RequestedText[]): Promise<readonly TextResult[]>;
}

/**
 * The child's end of the pool: opens the analysis, says so, then answers one request after the other until the pool
 * is gone. A `DependencyError` while opening is reported to the pool; anything else thrown ends the process.
 *
 * @param child the process it runs in, started by the pool
 */
export async function serveAnalysis(child: NodeJS.Process, open: () => Promise<ServedAnalysis>): Promise<void> {
  child.on('disconnect', () => child.exit());
  // Ctrl-C and service managers signal the whole group; how work ends is for the process that gave it to decide.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) child.on(signal, () => undefined);
  const answer = (message: AnalysisAnswer) => child.send?.(message);
  let analysis: ServedAnalysis;
  try {
    analysis = await open();
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    const { dependency, nature, message } = error;
    answer({ kind: 'broken', dependency, nature, message });
    return;
  }
  const known = new Map<string, TenantDictionary>();
  child.on('message', async ({ texts, dictionaries }: AnalysisRequest) => {
    for (const dictionary of dictionaries) known.set(dictionary.tenant, dictionary);
    const requested = texts.map(({ tenant = '', ...text }) => ({ ...text, dictionary: known.get(tenant) }));
    answer({ kind: 'results', results: await analysis.analyze(requested) });
  });
  answer({ kind: 'ready', versions: analysis.versions });
}

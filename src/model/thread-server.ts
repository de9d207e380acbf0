import type { MessagePort } from 'node:worker_threads';
import { DependencyError } from '../domain/dependency-error.ts';
import type { AssetVersions, TextResult, ThreadAnswer, ThreadRequest } from './thread-messages.ts';

/** What a thread does for the pool. */
export interface ThreadAnalysis {
  readonly versions: AssetVersions;
  /** Same length and order out as in. What it throws ends the thread. */
  analyze(texts: readonly string[]): Promise<readonly TextResult[]>;
}

/**
 * The thread's end of the pool: opens the analysis, says so, then answers one request after the other. A
 * `DependencyError` while opening is reported to the pool; anything else thrown ends the thread.
 */
export async function serveAnalysis(port: MessagePort, open: () => Promise<ThreadAnalysis>): Promise<void> {
  const answer = (message: ThreadAnswer) => port.postMessage(message);
  let analysis: ThreadAnalysis;
  try {
    analysis = await open();
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    const { dependency, nature, message } = error;
    return answer({ kind: 'broken', dependency, nature, message });
  }
  port.on('message', async ({ texts }: ThreadRequest) => {
    answer({ kind: 'results', results: await analysis.analyze(texts) });
  });
  answer({ kind: 'ready', versions: analysis.versions });
}

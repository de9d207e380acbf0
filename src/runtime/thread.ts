import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a worker thread from one of the entry points in workers/.
 *
 * @param name the entry's file name without extension, for example `inference`
 * @returns the started thread; it reports a missing entry through its `error` event
 */
export function startThread(name: string, options: WorkerOptions = {}): Worker {
  const fromSource = import.meta.url.endsWith('.ts');
  const entry = new URL(`../../workers/${name}${fromSource ? '.ts' : '.js'}`, import.meta.url);
  // Compiled code needs nothing; sources (as vitest runs them) need a TypeScript loader in the thread too.
  const execArgv = fromSource ? ['--import', 'tsx'] : [];
  return new Worker(entry, { ...options, execArgv });
}

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
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
  if (!fromSource) return new Worker(entry, { ...options, execArgv: [] });
  // Sources (as vitest and tsx run them) need a TypeScript loader in the thread too. `--import tsx` does not do:
  // on Node 20 it leaves a thread's entry point to the default loader.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx'));
  const loader = new URL('esm/api/index.mjs', tsx).href;
  const code = `import('${loader}').then(({ register }) => { register(); return import('${entry.href}'); });`;
  return new Worker(code, { ...options, execArgv: [], eval: true });
}

import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** How a child process is started. */
export interface ChildOptions {
  readonly arguments: readonly string[];
  /** Limit of its JavaScript heap in MiB. */
  readonly heapMb: number;
}

/**
 * Starts a child process from one of the entry points in workers/. Messages are structured clones; standard error is
 * a pipe for the caller to read, standard input and output are closed.
 *
 * @param name the entry's file name without extension, for example `analysis`
 */
export function startChild(name: string, options: ChildOptions): ChildProcess {
  const fromSource = import.meta.url.endsWith('.ts');
  return startChildAt(new URL(`../../workers/${name}${fromSource ? '.ts' : '.js'}`, import.meta.url), options);
}

/** Like `startChild`, from an entry point given by its address; one in TypeScript needs the development tools. */
export function startChildAt(entry: URL, options: ChildOptions): ChildProcess {
  const execArgv = [`--max-old-space-size=${options.heapMb}`];
  if (entry.pathname.endsWith('.ts')) {
    execArgv.push('--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href);
  }
  return fork(fileURLToPath(entry), [...options.arguments], {
    execArgv,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

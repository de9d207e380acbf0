import { parentPort, workerData } from 'node:worker_threads';
import { startThread } from '../runtime/thread.ts';
import { FolderLockedError } from './folder-lock.ts';

/** A server in a thread of its own. */
export interface ThreadedServer {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

type Report =
  | { kind: 'listening'; host: string; port: number }
  | { kind: 'locked'; folder: string; owner: number }
  | { kind: 'failed'; error: unknown; code: unknown };

/**
 * Starts a server in a thread, so that it neither waits for its clients' work nor makes them wait for its own. What
 * the server throws once it runs is a defect and surfaces as an uncaught error of this process.
 *
 * @param entry name of the thread's entry point in workers/, which calls {@link serveFromThread}
 * @throws what the server's start threw
 */
export async function startServerThread(entry: string, options: object): Promise<ThreadedServer> {
  const thread = startThread(entry, { workerData: options });
  const exited = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  const { host, port } = await new Promise<{ host: string; port: number }>((resolve, reject) => {
    thread.once('error', reject);
    thread.once('message', (report: Report) => {
      thread.off('error', reject);
      if (report.kind === 'listening') resolve(report);
      else if (report.kind === 'locked') reject(new FolderLockedError(report.folder, report.owner));
      else reject(withCode(report.error, report.code));
    });
  });
  return {
    host,
    port,
    close: async () => {
      thread.postMessage('close');
      await exited;
    },
  };
}

/** Of an error only name, message and cause survive the way between threads. */
function withCode(error: unknown, code: unknown): unknown {
  return error instanceof Error && code !== undefined ? Object.assign(error, { code }) : error;
}

/** The thread's side: starts the server with the options of the thread and closes it when asked to. */
export async function serveFromThread<Options>(start: (options: Options) => Promise<ThreadedServer>): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('this module is the entry point of a thread');
  try {
    const server = await start(workerData);
    port.once('message', () => server.close().finally(() => port.close()));
    port.postMessage({ kind: 'listening', host: server.host, port: server.port } satisfies Report);
  } catch (error) {
    // A class does not survive the way between threads.
    const report: Report =
      error instanceof FolderLockedError
        ? { kind: 'locked', folder: error.folder, owner: error.owner }
        : { kind: 'failed', error, code: error instanceof Error && 'code' in error ? error.code : undefined };
    port.postMessage(report);
  }
}

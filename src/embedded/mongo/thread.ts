import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { startThread } from '../../runtime/thread.ts';
import { type EmbeddedMongo, type EmbeddedMongoOptions, startEmbeddedMongo } from './server.ts';

/** What a server in a thread takes: everything but the hooks, which are functions. */
export type ThreadOptions = Omit<EmbeddedMongoOptions, 'faults'>;

interface Ready {
  readonly host: string;
  readonly port: number;
  readonly uri: string;
}

/**
 * Starts the server in a worker thread of its own, so that its work does not stop the event loop of this one.
 *
 * @throws Error what {@link startEmbeddedMongo} throws
 */
export async function startEmbeddedMongoThread(options: ThreadOptions): Promise<EmbeddedMongo> {
  const thread = startThread('embedded-mongo', { workerData: options });
  // `once` rejects when the thread fails before it is ready.
  const [ready] = (await once(thread, 'message')) as [Ready];
  const ended = once(thread, 'exit');
  let closing: Promise<void> | undefined;
  return {
    ...ready,
    close() {
      closing ??= (async () => {
        thread.postMessage('close');
        await ended;
      })();
      return closing;
    },
  };
}

/** The other side: runs the server in this thread, says when it is ready, and closes when it is told to. */
export async function serveThread(options: ThreadOptions, port: MessagePort): Promise<void> {
  const server = await startEmbeddedMongo(options);
  const { host, port: number, uri } = server;
  port.once('message', () => {
    void server.close().then(() => port.close());
  });
  port.postMessage({ host, port: number, uri } satisfies Ready);
}

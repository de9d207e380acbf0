import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { MongoError, MongoNetworkError } from 'mongodb';

interface Connection {
  readonly socket: Socket;
  readonly error: Error | null;
  writeCommand(command: unknown, options: unknown): Promise<void>;
}

const patched = Symbol.for('koe.mongodb.patched');

/**
 * Mends the driver in place, once a process:
 * - a command that meets a socket after it was destroyed and before its `close` is told waits for it to drain, for
 *   ever; when a server dies its connections break together, so that what the first of them sets off meets the others
 *   in that state: the monitor, which then never finds the server again, or a write;
 * - a command that waits to be written when its connection is reset fails with the socket's own error, which nobody
 *   takes for the driver's, so that it is neither retried nor known as an outage.
 *
 * test/unit/store/mongodb-patches.test.ts fails if the member named here no longer exists.
 */
export function patchMongodb(): void {
  const load = createRequire(import.meta.url);
  const { prototype } = (load('mongodb/lib/cmap/connection.js') as { Connection: { prototype: Connection } })
    .Connection;
  if (patched in prototype) return;
  Object.defineProperty(prototype, patched, { value: true });
  const write = prototype.writeCommand;
  prototype.writeCommand = async function (this: Connection, command, options) {
    const { socket } = this;
    let fail = () => {};
    const closed = new Promise<never>((_, reject) => {
      fail = () => reject(this.error ?? new MongoNetworkError('the connection was closed before the command was sent'));
    });
    socket.once('close', fail);
    try {
      await Promise.race([write.call(this, command, options), closed]);
    } catch (error) {
      if (error instanceof MongoError || !(error instanceof Error) || !('syscall' in error)) throw error;
      throw new MongoNetworkError(error.message, { cause: error });
    } finally {
      socket.off('close', fail);
    }
  };
}

import { mkdirSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { requireLoopback } from '../exposure.ts';
import { lockFolder } from '../folder-lock.ts';
import { replicaSet } from './commands/hello.ts';
import { type ConnectionFaults, serveConnection } from './connection.ts';
import { Cursors } from './cursors.ts';
import type { LogFaults } from './storage/log.ts';
import { Store } from './storage/store.ts';
import { deleteExpired } from './storage/ttl.ts';

/** Where the server keeps its data and listens. */
export interface EmbeddedMongoOptions {
  /** The data folder; made when it is not there. */
  readonly dataDir: string;
  /** Address to listen at; 127.0.0.1 by default. */
  readonly host?: string;
  /** Whether `host` may be an address that other machines reach, although nobody is asked for a password. */
  readonly exposed?: boolean;
  /** Connections at a time; more are closed at once. 1,000 by default. */
  readonly maxConnections?: number;
  /** Port to listen at; 0, the default, takes any free one. */
  readonly port?: number;
  /** Milliseconds between looks for documents whose time is over (TTL indexes); 60,000 by default as in MongoDB. */
  readonly ttlIntervalMs?: number;
  /** Faults that tests put in; not available in a thread of its own. */
  readonly faults?: LogFaults & ConnectionFaults;
}

/** A running server. */
export interface EmbeddedMongo {
  readonly host: string;
  readonly port: number;
  /** Connection string for the `mongodb` driver. */
  readonly uri: string;
  /** Ends all connections, syncs the log and closes; a second call does nothing. */
  close(): Promise<void>;
}

/**
 * Starts a MongoDB-compatible development server in this thread. It has no authentication.
 *
 * @throws ExposedAddressError for an address beyond the loopback; Error when the folder is in use by another server, the log is damaged, or the port is taken
 */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const { dataDir, host = '127.0.0.1', faults = {} } = options;
  requireLoopback(host, options.exposed ?? false);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(dataDir);
  let serve = (socket: Socket): void => void socket.destroy();
  const server = createServer({ noDelay: true }, (socket) => serve(socket));
  server.maxConnections = options.maxConnections ?? 1000;
  let store: Store;
  try {
    await listen(server, host, options.port ?? 0);
    store = new Store(dataDir, faults);
  } catch (error) {
    server.close();
    unlock();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const address = `${host}:${port}`;
  const cursors = new Cursors();
  const sockets = new Set<Socket>();
  let connection = 0;
  serve = (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveConnection(socket, { store, cursors, address, connection: ++connection }, faults);
  };
  const timers = startTimers(store, cursors, options.ttlIntervalMs ?? 60_000);
  let closing: Promise<void> | undefined;
  return {
    host,
    port,
    uri: `mongodb://${address}/?replicaSet=${replicaSet}`,
    close() {
      closing ??= (async () => {
        for (const timer of timers) clearInterval(timer);
        for (const socket of sockets) socket.destroy();
        await new Promise<void>((resolve) => server.close(() => resolve()));
        await store.close();
        unlock();
      })();
      return closing;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function startTimers(store: Store, cursors: Cursors, ttlIntervalMs: number): NodeJS.Timeout[] {
  const sync = setInterval(() => void store.sync().catch(() => undefined), 1000);
  const expire = setInterval(() => {
    cursors.expire(Date.now());
    store.sessions.expire(Date.now());
  }, 60_000);
  const ttl = setInterval(() => deleteExpired(store, Date.now()), ttlIntervalMs);
  return [sync.unref(), expire.unref(), ttl.unref()];
}

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireLoopback } from '../embedded/exposure.ts';
import { FolderLockedError } from '../embedded/folder-lock.ts';
import { startServerThread } from '../embedded/server-thread.ts';

/** The kinds of embedded development server. */
export const embeddedKinds = ['kafka', 'mongo'] as const;
export type EmbeddedKind = (typeof embeddedKinds)[number];

/** A development server that this process runs, or one that another process runs on the same data. */
export interface EmbeddedServer {
  /** `host:port`. */
  readonly address: string;
  /** Stops the server if this process runs it. */
  close(): Promise<void>;
}

const addressFile = 'address.json';

/** How long the owner of a folder may take until its server can be reached. */
const joinTimeoutMs = 10_000;

/**
 * Starts a development server on a data folder, or uses the one that another process runs there. The folder's lock
 * decides: of processes that start together one serves and the others join it.
 *
 * @throws FolderLockedError when another process holds the folder but cannot be reached
 */
export async function joinEmbeddedServer(kind: EmbeddedKind, dataDir: string): Promise<EmbeddedServer> {
  const deadline = Date.now() + joinTimeoutMs;
  for (;;) {
    try {
      return await startEmbeddedServer(kind, { dataDir, port: 0 });
    } catch (error) {
      if (!(error instanceof FolderLockedError)) throw error;
      const address = await addressOf(dataDir, error.owner);
      if (address !== undefined && (await answers(address))) return { address, close: async () => {} };
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

/** Where a development server keeps its data and listens. */
export interface EmbeddedOptions {
  readonly dataDir: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** 127.0.0.1 when absent. */
  readonly host?: string;
  /** Whether other machines may reach `host`. */
  readonly exposed?: boolean;
}

/**
 * Starts a development server in a thread of its own and writes its address into its data folder.
 *
 * @throws ExposedAddressError, FolderLockedError, or the system's error (`EADDRINUSE`, ...) when it cannot listen
 */
export async function startEmbeddedServer(kind: EmbeddedKind, options: EmbeddedOptions): Promise<EmbeddedServer> {
  requireLoopback(options.host ?? '127.0.0.1', options.exposed ?? false);
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const server = await startServerThread(`embedded-${kind}`, { ...options, dataDir });
  const address = `${server.host}:${server.port}`;
  await writeFile(join(dataDir, addressFile), JSON.stringify({ address, owner: process.pid }));
  return {
    address,
    close: async () => {
      await rm(join(dataDir, addressFile), { force: true });
      await server.close();
    },
  };
}

/** The address that the owner of the folder wrote; one that a killed process left behind is nobody's. */
async function addressOf(dataDir: string, owner: number): Promise<string | undefined> {
  try {
    const written = JSON.parse(await readFile(join(dataDir, addressFile), 'utf8'));
    return written.owner === owner ? String(written.address) : undefined;
  } catch {
    return undefined; // not there yet, or half written
  }
}

function answers(address: string): Promise<boolean> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((done) => {
    const socket = connect({ host, port: Number(port), timeout: 1000 });
    const finish = (result: boolean) => {
      socket.destroy();
      done(result);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}

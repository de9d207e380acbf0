import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
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

/**
 * Uses the development server that already runs on a data folder, or starts one.
 *
 * @throws Error when another process holds the folder but does not answer
 */
export async function joinEmbeddedServer(kind: EmbeddedKind, dataDir: string): Promise<EmbeddedServer> {
  const running = await findRunning(dataDir);
  if (running !== undefined) return { address: running, close: async () => {} };
  return startEmbeddedServer(kind, { dataDir, port: 0 });
}

/** Starts a development server in a thread of its own and writes its address into its data folder. */
export async function startEmbeddedServer(
  kind: EmbeddedKind,
  options: { dataDir: string; port: number },
): Promise<EmbeddedServer> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const server = await startServerThread(`embedded-${kind}`, { dataDir, port: options.port });
  const address = `${server.host}:${server.port}`;
  await writeFile(join(dataDir, addressFile), JSON.stringify({ address }));
  return {
    address,
    close: async () => {
      await rm(join(dataDir, addressFile), { force: true });
      await server.close();
    },
  };
}

/** The address in the data folder, if somebody answers there: a killed process leaves its address behind. */
async function findRunning(dataDir: string): Promise<string | undefined> {
  let address: unknown;
  try {
    address = JSON.parse(await readFile(join(dataDir, addressFile), 'utf8')).address;
  } catch {
    return undefined;
  }
  if (typeof address !== 'string') return undefined;
  return (await answers(address)) ? address : undefined;
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

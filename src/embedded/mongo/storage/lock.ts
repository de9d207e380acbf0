import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly port: number;
}

/**
 * Takes the lock file of a data folder, which names the process and the port of its server. A lock is stale when its
 * process is gone or nobody listens at its port (a thread may die while its process lives).
 *
 * @returns a function that gives the lock back
 * @throws Error naming the holder when another server has the folder
 */
export async function lockFolder(folder: string, host: string, port: number): Promise<() => void> {
  const path = join(folder, 'koe.lock');
  const mine = JSON.stringify({ pid: process.pid, host, port } satisfies Holder);
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      writeFileSync(path, mine, { flag: 'wx', mode: 0o600 });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(path);
    if (holder !== undefined && isAlive(holder.pid) && (await listens(holder))) {
      throw new Error(`${folder} is in use by the embedded MongoDB of process ${holder.pid} at port ${holder.port}`);
    }
    rmSync(path, { force: true });
  }
  throw new Error(`cannot lock ${folder}: others take the lock again and again`);
}

function readHolder(path: string): Holder | undefined {
  try {
    const { pid, host, port } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>;
    return typeof pid === 'number' && typeof host === 'string' && typeof port === 'number'
      ? { pid, host, port }
      : undefined;
  } catch {
    // Unreadable or half written: whoever wrote it did not live to finish.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function listens({ host, port }: Holder): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(true));
    socket.once('timeout', () => done(true));
    socket.once('error', () => done(false));
  });
}

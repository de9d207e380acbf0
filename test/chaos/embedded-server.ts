import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { freePorts } from '../support/services/free-ports.ts';
import type { ChaosServer } from './server.ts';

/** What an embedded server's process is told. */
export interface ServerOrder {
  readonly refuseWrites: boolean;
}

const script = fileURLToPath(new URL('embedded-server-process.ts', import.meta.url));
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Starts an embedded server in a process of its own, at a port that stays the same when it is started again. */
export async function startEmbeddedServer(kind: 'kafka' | 'mongo', dataDir: string): Promise<ChaosServer> {
  const { port } = await freePorts('port');
  let child = launch(kind, dataDir, port);
  await ready(child);
  return {
    name: `embedded ${kind === 'kafka' ? 'Kafka broker' : 'MongoDB server'}`,
    port,
    signal: (signal) => void child.kill(signal),
    refuseWrites: (on) => void (child.connected && child.send({ refuseWrites: on } satisfies ServerOrder)),
    async kill() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    async start() {
      child = launch(kind, dataDir, port);
      await ready(child);
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function launch(kind: string, dataDir: string, port: number): ChildProcess {
  return fork(script, [kind, dataDir, String(port)], {
    execArgv: ['--import', loader],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

async function ready(child: ChildProcess): Promise<void> {
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`an embedded server ended with ${code} instead of starting`);
    }),
  ]);
}

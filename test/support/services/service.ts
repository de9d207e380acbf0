import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../until.ts';

/** A real server in a process of its own, which keeps its address and its data when it is killed and started again. */
export interface Service {
  /** What it is and its version, such as `kafka-4.4.0`. */
  readonly name: string;
  /** `host:port` of a Kafka, the connection string of a MongoDB. */
  readonly address: string;
  readonly pid: number;
  /** Everything the server has written since it was started last. */
  log(): string;
  /** Sends a signal; after one that ends a process, resolves when it has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again after it has ended, on the same data; resolves when it is ready. */
  start(): Promise<void>;
  /** Ends it in the way of `signal`, SIGKILL by default, and starts it again. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** How to run a server. */
export interface ServiceOptions {
  readonly name: string;
  /** Makes the address, the command line and the files for a start in an empty folder. */
  readonly prepare: (folder: string) => Promise<{ address: string; command: readonly string[] }>;
  /** A part of its log that says that it serves. A connection proves less: somebody else may have taken the port. */
  readonly readyLine: string;
  readonly readyWithinMs?: number;
}

const resting: ReadonlySet<NodeJS.Signals> = new Set(['SIGSTOP', 'SIGCONT', 'SIGUSR1', 'SIGUSR2', 'SIGHUP']);
const folderPrefix = 'koe-service-';

/** Starts a server in a temporary folder. It ends with this process, however that ends (on Linux by the kernel). */
export async function startService(options: ServiceOptions): Promise<Service> {
  removeFoldersOfTheDead();
  const folder = mkdtempSync(join(tmpdir(), `${folderPrefix}${process.pid}-`));
  const logFile = join(folder, 'log');
  let child: ChildProcess | undefined;
  let address = '';
  let command: readonly string[] = [];

  const runs = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  const log = () => readFileSync(logFile, 'utf8');

  async function launch(): Promise<void> {
    const output = openSync(logFile, 'w');
    const [file = '', ...args] = [...dieWithParent(), ...command];
    const started = spawn(file, args, { cwd: folder, stdio: ['ignore', output, output] });
    closeSync(output);
    child = started;
    await once(started, 'spawn');
    const isReady = () => {
      if (!runs()) throw new Error(`${options.name} ended: ${log().slice(-2000)}`);
      return log().includes(options.readyLine);
    };
    await until(`${options.name} serves`, isReady, options.readyWithinMs ?? 60_000);
  }

  async function kill(signal: NodeJS.Signals): Promise<void> {
    if (child === undefined || !runs()) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    if (!resting.has(signal)) await exited;
  }

  async function start(): Promise<void> {
    if (runs()) throw new Error(`${options.name} is running`);
    await launch();
  }

  const removeAll = () => {
    if (runs()) child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  process.once('exit', removeAll);

  async function stop(): Promise<void> {
    await kill('SIGKILL');
    process.off('exit', removeAll);
    removeAll();
  }

  try {
    ({ address, command } = await options.prepare(folder));
    await launch();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name: options.name,
    address,
    get pid() {
      return child?.pid ?? 0;
    },
    log,
    kill,
    start,
    restart: async (signal = 'SIGKILL') => {
      await kill(signal);
      await start();
    },
    stop,
  };
}

/** A prefix of a command line that lets the kernel end the process with its parent, where util-linux is installed. */
function dieWithParent(): string[] {
  return spawnSync('setpriv', ['--version']).status === 0 ? ['setpriv', '--pdeathsig', 'KILL'] : [];
}

/** A runner that was killed could not remove the folders of its servers; the next one does. */
function removeFoldersOfTheDead(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = /^koe-service-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Observations } from './observations.ts';

/** How a worker is started. */
export interface WorkerOptions {
  readonly name: string;
  /** Arguments of node: the entry point and its own. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Where its log is kept. */
  readonly logFile: string;
  readonly observations: Observations;
}

/** A worker that dies only when it is killed; an end of its own is noted, and it is started again. */
export interface ChaosWorker {
  readonly name: string;
  start(): void;
  /** Ends it with SIGKILL and leaves it dead. */
  kill(): Promise<void>;
  /** Ends it with SIGTERM; what it returns other than 0 is noted. */
  stop(): Promise<void>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Resident bytes of the process and its children. */
  residentBytes(): number;
}

const restartAfterMs = 1_000;

/** Prepares a worker; `start` starts it. */
export function chaosWorker(options: WorkerOptions): ChaosWorker {
  const { name, observations } = options;
  const log = createWriteStream(options.logFile, { flags: 'a' });
  let child: ChildProcess | undefined;
  let wanted = false;
  let lastError = '';
  process.on('exit', () => child?.kill('SIGKILL'));

  function start(): void {
    wanted = true;
    const running = spawn(process.execPath, options.command, {
      env: { ...inherited(), ...options.environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = running;
    log.write(`{"msg":"--- started","pid":${running.pid}}\n`);
    if (running.stderr === null) throw new Error('a worker without a log');
    createInterface({ input: running.stderr }).on('line', (line) => {
      log.write(`${line}\n`);
      if (/"level":"(fatal|error)"/.test(line)) lastError = line;
      observations.read(name, line);
    });
    running.once('exit', (code, signal) => {
      if (running !== child || !wanted) return;
      observations.unexpectedEnds.push(`${name} ended by itself with ${code ?? signal}: ${lastError.slice(0, 600)}`);
      setTimeout(() => wanted && start(), restartAfterMs);
    });
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    wanted = false;
    const running = child;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return 0;
    const exited = once(running, 'exit');
    running.kill(signal);
    const [code] = await exited;
    return code;
  }

  return {
    name,
    start,
    async kill() {
      await end('SIGKILL');
    },
    async stop() {
      const code = await end('SIGTERM');
      if (code !== 0) observations.unexpectedEnds.push(`${name} ended with ${code} after SIGTERM`);
    },
    signal: (signal) => void child?.kill(signal),
    residentBytes: () => (child?.pid === undefined ? 0 : residentBytesOf(child.pid)),
  };
}

/** The environment without anything that koe reads. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(KOE|KAFKA|MONGODB)_/.test(name)));
}

/** Resident bytes of a process and its children, as ps tells. */
function residentBytesOf(pid: number): number {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n');
  return rows
    .map((row) => row.trim().split(/\s+/).map(Number))
    .filter(([own, parent]) => own === pid || parent === pid)
    .reduce((sum, [, , kib = 0]) => sum + kib * 1024, 0);
}

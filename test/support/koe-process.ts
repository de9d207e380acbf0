import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { until } from './until.ts';

/** A process of the compiled koe. */
export interface KoeProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Everything written so far. */
  output(): string;
  errors(): string;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

const started = new Set<ChildProcessWithoutNullStreams>();
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/** Starts `koe ARGUMENTS`, or another compiled entry point such as `workers/enrich`. */
export function startKoe(
  args: readonly string[],
  options: { entry?: string; environment?: Record<string, string>; input?: string | Buffer } = {},
): KoeProcess {
  const entry = join('dist', `${options.entry ?? 'src/cli/main'}.js`);
  const clean = Object.entries(process.env).filter(([name]) => !/^(KOE|KAFKA|MONGODB)_/.test(name));
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...Object.fromEntries(clean), ...options.environment },
  });
  started.add(child);
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => {
      started.delete(child);
      resolve(code ?? signal ?? 'SIGKILL');
    });
  });
  // A process that ends early closes its input; what it says about it is what counts.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return {
    child,
    output: () => output,
    errors: () => errors,
    exited,
    kill: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}

/** Runs `koe ARGUMENTS` to its end. */
export async function runKoe(
  args: readonly string[],
  options: { environment?: Record<string, string>; input?: string | Buffer } = {},
): Promise<{ exit: number | NodeJS.Signals; output: string; errors: string }> {
  const running = startKoe(args, options);
  const exit = await running.exited;
  return { exit, output: running.output(), errors: running.errors() };
}

/** An embedded server in a process of its own, at an address that stays the same when it is started again. */
export interface ServerProcess {
  /** What the process printed: `host:port` or a connection string. */
  readonly address: string;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again after a kill. */
  start(): Promise<void>;
}

/** Starts `koe embedded KIND` on a data folder. */
export async function startServer(kind: 'kafka' | 'mongo', dataDir: string): Promise<ServerProcess> {
  let running = startKoe(['embedded', kind, '--data', dataDir]);
  const ready = () =>
    until(`the embedded ${kind} is ready: ${running.errors()}`, () => running.output().includes('\n'), 20_000);
  await ready();
  const address = running.output().trim();
  const port = /:(\d+)/.exec(address.replace('mongodb:', ''))?.[1] ?? '';
  return {
    address,
    kill: async (signal) => {
      await running.kill(signal);
    },
    start: async () => {
      running = startKoe(['embedded', kind, '--data', dataDir, '--port', port]);
      await ready();
    },
  };
}

import { readSettings, type Settings } from '../config/settings.ts';
import { createLogger, type Logger } from '../telemetry/logger.ts';
import { exitCodeOf } from './exit-code.ts';

/** A worker that runs until it is told to stop. It writes the fatal line itself when it fails. */
export interface RunningWorker {
  readonly ended: Promise<{ kind: 'stopped' } | { kind: 'failed'; exitCode: number; error: Error }>;
  stop(): Promise<void>;
}

/**
 * Runs a worker as a process: settings from the environment, a graceful end on SIGTERM and SIGINT (the second signal
 * ends at once), one fatal line and the right exit code for everything else.
 */
export async function runProcess(
  name: string,
  environment: NodeJS.ProcessEnv,
  start: (settings: Settings, logger: Logger) => Promise<RunningWorker>,
): Promise<never> {
  let logger = createLogger({ level: 'info', name });
  const die = (error: unknown): never => {
    logger.fatal({ err: error }, error instanceof Error ? error.message : 'the process failed');
    process.exit(exitCodeOf(error));
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  let worker: RunningWorker | undefined;
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      logger.info({ signal }, 'stopping');
      // Before the start has finished nothing is in hand, and what it waits for may be away for long.
      if (worker === undefined) process.exit(0);
      worker.stop().catch(die);
    });
  }
  try {
    const settings = readSettings(environment);
    logger = createLogger({ level: settings.KOE_LOG_LEVEL, name });
    worker = await start(settings, logger);
    const reason = await worker.ended;
    if (reason.kind === 'stopped') logger.info({}, 'stopped');
    process.exit(reason.kind === 'stopped' ? 0 : reason.exitCode);
  } catch (error) {
    return die(error);
  }
}

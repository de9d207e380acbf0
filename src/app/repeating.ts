import { wait } from '../kafka/wait.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Work that goes on until it is stopped. */
export interface Repeating {
  /** Lets the round under way finish and ends. */
  stop(): Promise<void>;
}

const failurePauseMs = 5000;

/**
 * Does rounds of work one after another: at once again after a round that found something to do, after a pause
 * otherwise. What fails is logged and tried again: nothing that a round takes in hand is lost.
 */
export function startRepeating(
  what: string,
  round: (signal: AbortSignal) => Promise<boolean>,
  { pauseMs, logger }: { readonly pauseMs: number; readonly logger: Logger },
): Repeating {
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        if (!(await round(stopping.signal))) await wait(pauseMs, stopping.signal);
      } catch (error) {
        logger.warn({ err: error }, `${what} failed; trying again`);
        await wait(failurePauseMs, stopping.signal);
      }
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

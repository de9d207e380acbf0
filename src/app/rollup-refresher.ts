import type { Database } from '../store/database.ts';
import { countStaleRollups, refreshRollups } from '../store/rollups.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';

const hoursPerRound = 50;
const shortestPauseMs = 500;
/** The pause is this many times what the last round took, so that busy hours do not keep the database busy. */
const restFactor = 4;

/** Recomputes stale roll-ups in the background. */
export interface RollupRefresher {
  /** Lets the round under way finish and ends. */
  stop(): Promise<void>;
}

/** Starts recomputing stale roll-ups until stopped; a failing database is tried again after a pause. */
export function startRollupRefresher(database: Database, metrics: Metrics, logger: Logger): RollupRefresher {
  let stopped = false;
  let wake = () => {};
  const pause = (ms: number) =>
    new Promise<void>((done) => {
      const timer = setTimeout(done, ms);
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  const round = async () => {
    const end = metrics.rollupSeconds.startTimer();
    const recomputed = await refreshRollups(database, hoursPerRound);
    const seconds = end();
    metrics.rollupsPending.set(recomputed < hoursPerRound ? 0 : await countStaleRollups(database));
    if (recomputed > 0) logger.debug({ hours: recomputed, seconds }, 'roll-ups recomputed');
    return seconds;
  };
  const run = async () => {
    while (!stopped) {
      let pauseMs = shortestPauseMs;
      try {
        pauseMs = Math.max(pauseMs, (await round()) * 1000 * restFactor);
      } catch (error) {
        // Nothing is lost: the hours stay marked, and the next round finds them again.
        metrics.rollupFailures.inc();
        logger.warn({ err: error }, 'roll-ups could not be recomputed; trying again');
        pauseMs = 5000;
      }
      if (!stopped) await pause(pauseMs);
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopped = true;
      wake();
      await running;
    },
  };
}

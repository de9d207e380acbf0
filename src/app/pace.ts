import { wait } from '../kafka/wait.ts';

/**
 * Keeps work to a rate. Each call asks for leave to handle so many items and resolves when what was handled before has
 * had its time, or at once when the signal is aborted.
 *
 * @param perSecond items a second; no limit when absent
 */
export function createPace(perSecond: number | undefined, signal: AbortSignal): (items: number) => Promise<void> {
  let free = performance.now();
  return async (items) => {
    if (perSecond === undefined) return;
    const now = performance.now();
    if (free > now) await wait(free - now, signal);
    free = Math.max(free, now) + (items / perSecond) * 1000;
  };
}

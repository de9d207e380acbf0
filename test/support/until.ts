import { setTimeout as delay } from 'node:timers/promises';

/** Waits until a condition holds; fails with its description when it does not within `ms`. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`did not happen within ${ms} ms: ${what}`);
    await delay(10);
  }
}

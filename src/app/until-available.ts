import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../config/settings.ts';
import { isTransient, Outage, type RetryPolicy } from '../kafka/retry.ts';
import type { Logger } from '../telemetry/logger.ts';

/** How a worker waits for a dependency that is away. */
export function retryPolicy(settings: Settings): RetryPolicy {
  return { initialMs: 200, maxMs: 10_000, giveUpMs: settings.KOE_RETRY_GIVE_UP_SECONDS * 1000 };
}

/**
 * Tries again while a dependency is away, as it may be when everything is started at the same time.
 *
 * @throws OutageError after the policy's time, and at once whatever is not a transient DependencyError
 */
export async function untilAvailable<T>(work: () => Promise<T>, policy: RetryPolicy, logger: Logger): Promise<T> {
  const outage = new Outage(policy, Date.now, Math.random);
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error)) throw error;
      const { delayMs } = outage.failed(error);
      logger.warn({ err: error, delayMs }, `${error.dependency} is away; trying again`);
      await sleep(delayMs);
    }
  }
}

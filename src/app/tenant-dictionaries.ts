import { setTimeout as sleep } from 'node:timers/promises';
import type { TenantDictionary } from '../domain/dictionary.ts';
import type { Database } from '../store/database.ts';
import { dictionaryVersions, readDictionary } from '../store/dictionaries.ts';
import type { Logger } from '../telemetry/logger.ts';

/** How old what is known of the tenants' dictionaries may be, in milliseconds, while the database answers. */
const pauseMs = 2000;

/** The tenants' dictionaries as they are at present. */
export interface TenantDictionaries {
  /** The dictionary of a tenant, or undefined where it has none. */
  of(tenant: string): TenantDictionary | undefined;
  /** Ends the watch. */
  stop(): Promise<void>;
}

/**
 * Reads the tenants' dictionaries and goes on to look for newer versions until stopped. While the database does not
 * answer, what was read last stays.
 *
 * @throws DependencyError when they cannot be read at first
 */
export async function watchTenantDictionaries(database: Database, logger: Logger): Promise<TenantDictionaries> {
  const known = new Map<string, TenantDictionary>();
  const stopped = new AbortController();
  const refresh = async () => {
    for (const [tenant, version] of await dictionaryVersions(database)) {
      if (known.get(tenant)?.version === version) continue;
      const dictionary = await readDictionary(database, tenant, version);
      if (dictionary !== undefined) known.set(tenant, dictionary);
      logger.info({ tenant, version }, 'dictionary loaded');
    }
  };
  await refresh();
  const run = async () => {
    while (!stopped.signal.aborted) {
      await sleep(pauseMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted) return;
      // Texts are read with the words known so far rather than not at all.
      await refresh().catch((err: unknown) => logger.warn({ err }, 'dictionaries of tenants could not be looked up'));
    }
  };
  const running = run();
  return {
    of: (tenant) => known.get(tenant),
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}

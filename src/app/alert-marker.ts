import { z } from 'zod';
import type { ReceivedMessage } from '../domain/message.ts';
import { deadLetter, drop, ok, type Verdict } from '../domain/outcome.ts';
import { unwrapFromRegistry } from '../domain/wire-format.ts';
import { markFeedback, type ReadFeedback } from '../store/alert-progress.ts';
import type { Database } from '../store/database.ts';

/** What of an enriched record says which windows it changes. */
const changedSchema = z.object({ tenant: z.string().min(1), occurredAt: z.iso.datetime({ offset: true }) });

/**
 * Takes enriched records for the news of which tenants and times have changed; what is counted is what is stored.
 *
 * @param now milliseconds since 1970
 */
export function createAlertMarker(database: Database, now: () => number) {
  return async (messages: readonly ReceivedMessage[]): Promise<readonly Verdict[]> => {
    const read = new Map<string, ReadFeedback>();
    const verdicts = messages.map(({ value }): Verdict => {
      if (value === null) return drop('tombstone');
      const changed = parse(value);
      if (changed === undefined) {
        return deadLetter('KOE_NOT_JSON', 'not an enriched record', 'alert');
      }
      const { tenant, at } = changed;
      const known = read.get(tenant) ?? { tenant, oldest: at, newest: at };
      read.set(tenant, { tenant, oldest: Math.min(known.oldest, at), newest: Math.max(known.newest, at) });
      return ok(undefined);
    });
    await markFeedback(database, messages[0]?.partition ?? 0, [...read.values()], now());
    return verdicts;
  };
}

function parse(value: Buffer): { tenant: string; at: number } | undefined {
  let json: unknown;
  try {
    json = JSON.parse(unwrapFromRegistry(value).value.toString('utf8'));
  } catch {
    return undefined;
  }
  const { success, data } = changedSchema.safeParse(json);
  return success ? { tenant: data.tenant, at: Date.parse(data.occurredAt) } : undefined;
}

import { z } from 'zod';
import { type ChurnChange, churnChangeSchema } from '../domain/churn-change.ts';
import type { ReceivedMessage } from '../domain/message.ts';
import { deadLetter, drop, ok, type Verdict } from '../domain/outcome.ts';
import { unwrapFromRegistry } from '../domain/wire-format.ts';
import { markFeedback, type ReadFeedback } from '../store/alert-progress.ts';
import { keepChurnChanges } from '../store/churn-changes.ts';
import type { Database } from '../store/database.ts';

/** What of an enriched record says which windows it changes. */
const changedSchema = z.object({ tenant: z.string().min(1), occurredAt: z.iso.datetime({ offset: true }) });

/**
 * Takes enriched records for the news of which tenants and times have changed: what is counted is what is stored.
 * Changes of churn risk are kept, because only the latest risk of a customer is stored elsewhere.
 *
 * @param churnTopic topic of changes of churn risk
 * @param now milliseconds since 1970
 */
export function createAlertMarker(database: Database, churnTopic: string, now: () => number) {
  return async (messages: readonly ReceivedMessage[]): Promise<readonly Verdict[]> => {
    const read = new Map<string, ReadFeedback>();
    const mark = (tenant: string, at: number) => {
      const known = read.get(tenant) ?? { tenant, oldest: at, newest: at };
      read.set(tenant, { tenant, oldest: Math.min(known.oldest, at), newest: Math.max(known.newest, at) });
    };
    const churn: ChurnChange[] = [];
    const verdicts = messages.map(({ topic, value }): Verdict => {
      if (value === null) return drop('tombstone');
      const json = parse(value);
      if (topic === churnTopic) {
        const change = churnChangeSchema.safeParse(json);
        if (!change.success) return deadLetter('KOE_NOT_JSON', 'not a change of churn risk', 'alert');
        churn.push(change.data);
        mark(change.data.tenant, Date.parse(change.data.scoredAt));
        return ok(undefined);
      }
      const changed = changedSchema.safeParse(json);
      if (!changed.success) return deadLetter('KOE_NOT_JSON', 'not an enriched record', 'alert');
      mark(changed.data.tenant, Date.parse(changed.data.occurredAt));
      return ok(undefined);
    });
    const [first] = messages;
    if (first === undefined) return verdicts;
    await keepChurnChanges(database, churn);
    const partition = first.topic === churnTopic ? `churn-${first.partition}` : `${first.partition}`;
    await markFeedback(database, partition, [...read.values()], now());
    return verdicts;
  };
}

/** The JSON of a message; undefined for anything else. */
function parse(value: Buffer): unknown {
  try {
    return JSON.parse(unwrapFromRegistry(value).value.toString('utf8'));
  } catch {
    return undefined;
  }
}

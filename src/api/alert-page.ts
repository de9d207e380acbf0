import { z } from 'zod';
import type { AlertPageEnd } from '../store/alert-query.ts';
import { cursorParameter, nextCursor, timeCursor } from './cursor.ts';
import { periodParameters, readPeriod } from './query-parameters.ts';

/** Parameters of pages of alerts and of incidents: by when they fired last, those that began last first. */
export const alertPageParameters = periodParameters.extend({
  since: z.string().max(40).default('30d').describe('Fired last at or after: an age, a date or an RFC 3339 time.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: cursorParameter,
});

/**
 * Reads the parameters.
 *
 * @param now milliseconds since 1970
 * @throws ProblemError naming the parameter at fault
 */
export function readAlertPage(given: z.infer<typeof alertPageParameters>, now: number) {
  const { limit, cursor } = given;
  const end = cursor === undefined ? undefined : timeCursor.read(cursor);
  const after: AlertPageEnd | undefined = end && { beganAt: new Date(end[0]), id: end[1] };
  const { since, until } = readPeriod(given, now);
  // Without an end nothing is left out that fires while the answer is made.
  return { since, ...(given.until !== undefined && { until }), limit, after };
}

/** A page, with the cursor of the next one where there may be more. */
export function alertPage<T>(items: T[], limit: number, endOf: (last: T) => AlertPageEnd) {
  const last = items.at(-1);
  if (last === undefined || items.length < limit) return { items };
  const { beganAt, id } = endOf(last);
  return { items, nextCursor: timeCursor.write([beganAt.toISOString(), id]) };
}

/** The schema of a page. */
export function alertPageSchema<Item extends z.ZodType>(item: Item, id: string) {
  return z.object({ items: z.array(item), nextCursor }).meta({ id });
}

import type { CalendarEntry } from '../alerting/calendar.ts';
import type { AlertRule } from '../domain/alert-rule.ts';
import type { Database } from './database.ts';
import { withMongo } from './mongo-error.ts';

/**
 * The rules that hold for a tenant: those given, in whose place stored ones with the same id come, a tenant's own
 * before those for all. Disabled ones are left out.
 */
export function rulesOf(
  { alertRules }: Pick<Database, 'alertRules'>,
  tenant: string,
  given: readonly AlertRule[],
): Promise<AlertRule[]> {
  return withMongo(async () => {
    const stored = await alertRules.find({ tenant: { $in: ['*', tenant] } }).toArray();
    const rules = new Map(given.map((rule) => [rule.id, rule]));
    for (const scope of ['*', tenant]) {
      for (const { rule } of stored.filter((one) => one.tenant === scope)) rules.set(rule.id, rule);
    }
    return [...rules.values()].filter(({ enabled, tenant: of }) => enabled && (of === undefined || of === tenant));
  });
}

/** Stores a rule that was checked, in place of the one with its id. */
export function saveRule({ alertRules }: Pick<Database, 'alertRules'>, rule: AlertRule): Promise<unknown> {
  const tenant = rule.tenant ?? '*';
  return withMongo(() => alertRules.replaceOne({ _id: `${tenant}/${rule.id}` }, { tenant, rule }, { upsert: true }));
}

/** Campaigns and maintenance of a tenant that reach into a time, milliseconds since 1970. */
export function calendarOf(
  { alertCalendar }: Pick<Database, 'alertCalendar'>,
  tenant: string,
  from: number,
): Promise<CalendarEntry[]> {
  return withMongo(async () => {
    const found = await alertCalendar.find({ tenant, until: { $gte: new Date(from) } }).toArray();
    return found.map(({ kind, from: begins, until, topics, factor }) => ({
      kind,
      from: begins.getTime(),
      until: until.getTime(),
      topics,
      factor,
    }));
  });
}

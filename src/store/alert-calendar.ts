import type { CalendarEntry } from '../alerting/calendar.ts';
import type { AlertCalendarDocument } from './alert-documents.ts';
import type { Database } from './database.ts';
import { withMongo } from './mongo-error.ts';

type Calendar = Pick<Database, 'alertCalendar'>;

/** A campaign or a time of maintenance under its name. */
export type NamedEntry = Omit<AlertCalendarDocument, '_id'> & { readonly name: string };

/** Campaigns and maintenance of a tenant that reach into a time, milliseconds since 1970. */
export async function calendarOf(database: Calendar, tenant: string, from: number): Promise<CalendarEntry[]> {
  const found = await readCalendar(database, tenant, new Date(from));
  return found.map(({ kind, from: begins, until, topics, factor }) => ({
    kind,
    from: begins.getTime(),
    until: until.getTime(),
    topics,
    factor,
  }));
}

/** The same with their names and notes, in the order of their names. */
export function readCalendar({ alertCalendar }: Calendar, tenant: string, from: Date): Promise<NamedEntry[]> {
  return withMongo(async () => {
    const found = await alertCalendar
      .find({ tenant, until: { $gte: from } })
      .sort({ _id: 1 })
      .toArray();
    return found.map(({ _id, ...entry }) => ({ name: _id.slice(_id.indexOf('/') + 1), ...entry }));
  });
}

/** Writes an entry into the calendar, in place of the one with its name. */
export function addToCalendar({ alertCalendar }: Calendar, { name, ...entry }: NamedEntry): Promise<unknown> {
  return withMongo(() => alertCalendar.replaceOne({ _id: `${entry.tenant}/${name}` }, entry, { upsert: true }));
}

/** Takes an entry out of the calendar; false when there is none. */
export function removeFromCalendar({ alertCalendar }: Calendar, tenant: string, name: string): Promise<boolean> {
  return withMongo(
    async () => (await alertCalendar.deleteOne({ _id: `${tenant}/${name}`, tenant })).deletedCount === 1,
  );
}

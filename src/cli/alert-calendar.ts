import Table from 'cli-table3';
import { holidaysBetween } from '../alerting/calendar.ts';
import { exitCodes, UsageError } from '../app/exit-code.ts';
import { topicIds } from '../domain/labels.ts';
import { addToCalendar, readCalendar, removeFromCalendar } from '../store/alert-calendar.ts';
import type { AlertOptions } from './alerts.ts';
import { writeTable } from './colour.ts';
import { operator } from './operator.ts';
import { minuteIn, parsePeriod } from './period.ts';
import { printable } from './printable.ts';
import { type Terminal, write } from './terminal.ts';
import { withDatabase } from './with-database.ts';

const dayMs = 86_400_000;

/** Prints Japanese public holidays ahead, and campaigns and times of maintenance that are not over. */
export function listCalendar(
  { tenant, days, tz, json }: AlertOptions & { days: number; tz: string; json: boolean },
  terminal: Terminal,
): Promise<number> {
  const now = Date.now();
  return withDatabase(terminal, async (database, settings) => {
    const zoneOffsetMs = settings.KOE_ALERT_UTC_OFFSET_MINUTES * 60_000;
    const holidays = holidaysBetween(now, now + days * dayMs, zoneOffsetMs);
    const entries = await readCalendar(database, tenant, new Date(now));
    const rows = [
      ...holidays.map(({ date, name }) => ({ from: date, kind: 'holiday' as const, name })),
      ...entries.map(({ from, until, ...entry }) => {
        return { from: minuteIn(tz, from.toISOString()), until: minuteIn(tz, until.toISOString()), ...entry };
      }),
    ].sort((one, other) => (one.from < other.from ? -1 : Number(one.from > other.from)));
    const table = new Table({
      head: [`from (${tz})`, 'until', 'kind', 'name', 'topics', 'times usual', 'note'],
      style: { head: [], border: [], compact: true },
    });
    for (const row of rows) {
      const { from, kind, name } = row;
      const rest = row.kind === 'holiday' ? [] : [row.topics?.join(', ') ?? 'all', row.factor ?? '-', row.note ?? ''];
      const until = row.kind === 'holiday' ? '' : row.until;
      table.push([
        from,
        until,
        kind,
        printable(name),
        ...(rest.length > 0 ? rest : ['', '', '']).map((text) => printable(String(text))),
      ]);
    }
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    await (json ? write(terminal.output, lines) : writeTable(terminal, `${table.toString()}\n`));
    return exitCodes.success;
  });
}

/** What is written into the calendar. */
export interface CalendarEntryOptions extends AlertOptions {
  readonly kind: 'campaign' | 'maintenance';
  readonly from: string;
  readonly until: string;
  readonly tz: string;
  readonly topic?: readonly string[];
  readonly factor?: number;
  readonly note?: string;
}

/** Writes a campaign or a time of maintenance into the calendar, in place of the one with its name. */
export function addEntry(name: string, options: CalendarEntryOptions, terminal: Terminal): Promise<number> {
  const { tenant, kind, factor, note, tz } = options;
  const { since: from, until } = parsePeriod(
    { since: options.from, until: options.until, tz, option: '--from' },
    Date.now(),
  );
  if ((kind === 'campaign') !== (factor !== undefined)) {
    throw new UsageError('a campaign has a --factor by which it multiplies complaints, maintenance has none');
  }
  const topics = options.topic?.map((given) => {
    const topic = topicIds.find((id) => id === given);
    if (topic === undefined) throw new UsageError(`there is no topic ${given}; there are ${topicIds.join(', ')}`);
    return topic;
  });
  return withDatabase(terminal, async (database) => {
    await addToCalendar(database, {
      ...{ tenant, name, kind, from, until, by: operator() },
      ...(topics !== undefined && { topics }),
      ...(factor !== undefined && { factor }),
      ...(note !== undefined && { note }),
    });
    await write(terminal.output, `${name}: ${kind} from ${from.toISOString()} until ${until.toISOString()}\n`);
    return exitCodes.success;
  });
}

/** Takes an entry out of the calendar. */
export function removeEntry(name: string, { tenant }: AlertOptions, terminal: Terminal): Promise<number> {
  return withDatabase(terminal, async (database) => {
    if (!(await removeFromCalendar(database, tenant, name))) throw new UsageError(`the calendar has no ${name}`);
    await write(terminal.output, `${name} is removed\n`);
    return exitCodes.success;
  });
}

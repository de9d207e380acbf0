import { openServers } from '../app/servers.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import { Closing } from '../runtime/closing.ts';
import { type Database, openPreparedDatabase } from '../store/database.ts';
import { writeTable } from './colour.ts';
import { columnsOf, type Terminal, write } from './terminal.ts';

/** What a question gives back: a report, and how a person reads it in a terminal of so many columns. */
export interface Answer {
  readonly report: object;
  readonly table: (columns: number) => string;
}

/** Opens the database, asks it, and prints the answer: for a person, or as one JSON document. */
export async function printAnswer(
  { json }: { readonly json: boolean },
  terminal: Terminal,
  ask: (database: Database, settings: Settings) => Promise<Answer>,
): Promise<void> {
  const settings = readSettings(terminal.environment);
  const closing = new Closing();
  try {
    const servers = closing.add(await openServers(settings, { kafka: false, mongo: true }), (opened) => opened.close());
    const database = closing.add(await openPreparedDatabase(servers.database), (opened) => opened.close());
    const { report, table } = await ask(database, settings);
    if (json) await write(terminal.output, `${JSON.stringify(report)}\n`);
    else await writeTable(terminal, table(columnsOf(terminal)));
  } finally {
    await closing.closeAll();
  }
}

import { openServers } from '../app/servers.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import { Closing } from '../runtime/closing.ts';
import { type Database, openPreparedDatabase } from '../store/database.ts';
import type { Terminal } from './terminal.ts';

/** Works with the database that the settings name, as it is, and closes it. */
export async function withDatabase<T>(
  terminal: Terminal,
  work: (database: Database, settings: Settings) => Promise<T>,
): Promise<T> {
  const settings = readSettings(terminal.environment);
  const closing = new Closing();
  try {
    const servers = closing.add(await openServers(settings, { kafka: false, mongo: true }), (opened) => opened.close());
    const database = closing.add(await openPreparedDatabase(servers.database), (opened) => opened.close());
    return await work(database, settings);
  } finally {
    await closing.closeAll();
  }
}

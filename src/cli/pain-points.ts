import { exitCodes, UsageError } from '../app/exit-code.ts';
import { openServers } from '../app/servers.ts';
import { readSettings } from '../config/settings.ts';
import type { Channel, TopicId } from '../domain/labels.ts';
import { Closing } from '../runtime/closing.ts';
import { openPreparedDatabase } from '../store/database.ts';
import { queryPainPoints } from '../store/pain-point-query.ts';
import { painPointTable } from './pain-point-table.ts';
import { parseTime } from './period.ts';
import { columnsOf, type Terminal, write } from './terminal.ts';

/** Options of `koe pain-points`. */
export interface PainPointOptions {
  readonly tenant: string;
  readonly since: string;
  readonly until?: string;
  readonly channel?: Channel;
  readonly topic?: TopicId;
  readonly attribute: Readonly<Record<string, string>>;
  readonly limit: number;
  readonly json: boolean;
}

/** Prints the ranked pain points of a period as a table, or as one JSON document. */
export async function painPoints(options: PainPointOptions, terminal: Terminal): Promise<number> {
  const settings = readSettings(terminal.environment);
  const now = Date.now();
  const since = parseTime(options.since, now);
  const until = options.until === undefined ? new Date(now) : parseTime(options.until, now);
  if (since >= until) throw new UsageError('--since must be before --until');
  const closing = new Closing();
  try {
    const servers = closing.add(await openServers(settings, { kafka: false, mongo: true }), (opened) => opened.close());
    const database = closing.add(await openPreparedDatabase(servers.database), (opened) => opened.close());
    const { tenant, channel, topic, attribute: attributes, limit } = options;
    const report = await queryPainPoints(database, { tenant, since, until, channel, topic, attributes, limit });
    await write(
      terminal.output,
      options.json ? `${JSON.stringify(report)}\n` : await painPointTable(report, columnsOf(terminal)),
    );
    return exitCodes.success;
  } finally {
    await closing.closeAll();
  }
}

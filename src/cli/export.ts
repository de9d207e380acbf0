import { extname } from 'node:path';
import { exitCodes, UsageError } from '../app/exit-code.ts';
import { openServers } from '../app/servers.ts';
import { readSettings } from '../config/settings.ts';
import { encodeTable, type HeadingLanguage, type TableFormat, tableFormats } from '../export/encode-table.ts';
import { customerExports, type ExportName, openExport } from '../export/open-export.ts';
import type { Table } from '../export/table.ts';
import { Closing } from '../runtime/closing.ts';
import { FileExistsError, replaceFile } from '../runtime/replace-file.ts';
import { openPreparedDatabase } from '../store/database.ts';
import { type FeedbackOptions, feedbackFilter } from './feedback-options.ts';
import { progressLine } from './progress-line.ts';
import { stopRequest } from './stop-signal.ts';
import { type Terminal, write } from './terminal.ts';
import { topicNames } from './topic-names.ts';

/** Options of `koe export`. */
export interface ExportOptions extends Omit<FeedbackOptions, 'json'> {
  /** A file, or `-`. */
  readonly output?: string;
  readonly format?: TableFormat;
  readonly headings: HeadingLanguage;
  readonly by?: string;
  readonly force: boolean;
}

/**
 * Writes rows to a file, as a whole or not at all, or to standard output as they come.
 *
 * @returns the exit code: 1 when it was interrupted
 */
export async function exportTable(name: ExportName, options: ExportOptions, terminal: Terminal): Promise<number> {
  const { output = '-', headings, tz: timeZone, by, force } = options;
  const format = options.format ?? formatOf(output);
  const filter = { ...feedbackFilter({ ...options, json: false }), by };
  refuseWhatIsIgnored(name, options);
  if (format === 'xlsx' && output === '-' && isTerminal(terminal)) {
    throw new UsageError('a workbook cannot be shown here: name a file by -o');
  }
  const settings = readSettings(terminal.environment);
  const closing = new Closing();
  try {
    const servers = closing.add(await openServers(settings, { kafka: false, mongo: true }), (opened) => opened.close());
    const database = closing.add(await openPreparedDatabase(servers.database), (opened) => opened.close());
    const topicName = headings === 'ja' ? topicNames('ja') : (topic: string) => topic;
    const { table, rows } = counted(openExport(database, name, filter, { language: headings, topicName }), terminal);
    const pieces = encodeTable(table, { format, headings, timeZone, name });
    if (output === '-') {
      for await (const piece of pieces) await write(terminal.output, piece);
      return exitCodes.success;
    }
    const signal = stopRequest();
    try {
      await replaceFile(output, pieces, { force, signal });
    } catch (error) {
      if (!signal.aborted) throw refusalOf(error, output) ?? error;
      await write(terminal.errors, `stopped: ${output} is not written\n`);
      return exitCodes.failure;
    }
    await write(terminal.errors, `${rows()} rows in ${output}\n`);
    return exitCodes.success;
  } finally {
    await closing.closeAll();
  }
}

function formatOf(output: string): TableFormat {
  const extension = extname(output).slice(1).toLowerCase();
  const format = tableFormats.find((one) => one === extension) ?? (extension === 'ndjson' ? 'jsonl' : undefined);
  if (format !== undefined) return format;
  if (output === '-') return 'csv';
  throw new UsageError(`the name of ${output} does not tell a format: give --format ${tableFormats.join(', ')}`);
}

function refuseWhatIsIgnored(name: ExportName, { channel, attribute, by }: ExportOptions): void {
  const isAboutCustomers = customerExports.has(name);
  if (isAboutCustomers && channel !== undefined) throw new UsageError(`--channel does not choose rows of ${name}`);
  if (isAboutCustomers && Object.keys(attribute).length > 0) {
    throw new UsageError(`--attribute does not choose rows of ${name}`);
  }
  if (by !== undefined && name !== 'nps') throw new UsageError('--by is for nps');
}

/** The same table, which tells how far it is. */
function counted(table: Table, terminal: Terminal): { readonly table: Table; rows(): number } {
  const report = progressLine(terminal);
  let count = 0;
  async function* rows() {
    for await (const row of table.rows) {
      yield row;
      count++;
      await report(count);
    }
  }
  return { table: { ...table, rows: rows() }, rows: () => count };
}

function refusalOf(error: unknown, output: string): UsageError | undefined {
  if (error instanceof FileExistsError) {
    return new UsageError(`${output} exists; --force replaces it`, { cause: error });
  }
  const isOpening = error instanceof Error && 'syscall' in error && error.syscall === 'open';
  return isOpening ? new UsageError(`cannot write ${output}: ${error.message}`, { cause: error }) : undefined;
}

function isTerminal({ output }: Terminal): boolean {
  return 'isTTY' in output && output.isTTY === true;
}

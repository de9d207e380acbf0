import { exitCodes, UsageError } from '../app/exit-code.ts';
import { type ImportProgress, importFeedback } from '../app/import-feedback.ts';
import { openFeedbackProducer } from '../app/open-feedback-producer.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import type { Feedback } from '../domain/feedback.ts';
import { MappingError } from '../import/mapping.ts';
import { createRowReader, type RowReading } from '../import/row-feedback.ts';
import { openSource, type Source, SourceError, type SourceOptions } from '../import/source.ts';
import { Closing } from '../runtime/closing.ts';
import { writeTable } from './colour.ts';
import { ImportErrors } from './import-errors.ts';
import { type InputFile, openInput } from './input-file.ts';
import { progressBar } from './progress-bar.ts';
import { stopRequest } from './stop-signal.ts';
import { columnsOf, type Terminal, write } from './terminal.ts';
import { type UnderstandingOptions, understand } from './understand-columns.ts';
import { unzipped } from './unzipped.ts';

/** Options of `koe import`. */
export interface ImportOptions extends UnderstandingOptions, SourceOptions {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly errors?: string;
  readonly fromRow: number;
}

const rowsShown = 5;

/**
 * Sends the rows of a file as raw feedback: shows how its columns are understood, asks, and tells how far it is. Rows
 * that cannot be sent go into a file of their own, with the reasons.
 *
 * @returns the exit code: 65 when a row was refused, 1 when it was interrupted or not confirmed
 */
export async function importFile(path: string, options: ImportOptions, terminal: Terminal): Promise<number> {
  const settings = readSettings(terminal.environment);
  const input = await openInput(path);
  let read = 0;
  const seen = (bytes: number) => {
    read = bytes;
  };
  const source = await explained(() => openSource(() => counted(input, seen), options));
  const { reading, told } = await explained(() => understand(source, options));
  await writeTable(terminal, `${source.description}\n${told(columnsOf(terminal))}`);
  if (options.dryRun) return await rehearse(source, reading, options, settings, terminal);
  if (!(await isConfirmed(options, terminal))) {
    await write(terminal.errors, 'nothing is sent\n');
    return exitCodes.failure;
  }
  return await sendRows(path, {
    source,
    reading,
    options,
    settings,
    terminal,
    share: () => read / Math.max(1, input.bytes),
  });
}

interface Sending {
  readonly source: Source;
  readonly reading: RowReading;
  readonly options: ImportOptions;
  readonly settings: Settings;
  readonly terminal: Terminal;
  /** Part of the file that was read. */
  share(): number;
}

async function sendRows(path: string, sending: Sending): Promise<number> {
  const { source, reading, options, settings, terminal, share } = sending;
  const { fromRow } = options;
  const closing = new Closing();
  const bar = progressBar(terminal);
  let progress: ImportProgress | undefined;
  let next: number | undefined = fromRow;
  try {
    const file = options.errors ?? `${path}.errors.csv`;
    const producer = await openFeedbackProducer(settings, 'koe-import', closing);
    const errors = closing.add(new ImportErrors(file, source.columns, fromRow > 1), (opened) => opened.close());
    await errors.prepare();
    const signal = stopRequest();
    const send = (feedback: readonly Feedback[]) => producer.send(feedback);
    const parts = { settings, rows: source.rows(), read: createRowReader(reading), send, fromRow, signal };
    for await (progress of importFeedback(parts)) {
      next = progress.next;
      await errors.add(progress.refusals);
      await bar.report(progress.sent + progress.refused, share());
    }
    const where = errors.count > 0 ? `: see ${file}` : '';
    await bar.end();
    await write(terminal.output, `${progress?.sent ?? 0} sent, ${progress?.refused ?? 0} refused${where}\n`);
    if (next !== undefined) return exitCodes.failure;
    return (progress?.refused ?? 0) > 0 ? exitCodes.badData : exitCodes.success;
  } catch (error) {
    if (error instanceof SourceError) throw new UsageError(`${path}: ${error.message}`, { cause: error });
    throw error;
  } finally {
    await bar.end();
    if (next !== undefined) {
      const sent = progress?.sent ?? 0;
      await write(
        terminal.errors,
        `${sent} sent and acknowledged; to go on, add --from-row ${next} (sending twice changes nothing)\n`,
      );
    }
    await closing.closeAll();
  }
}

/** Prints the first rows as they would be sent and counts what is wrong with the others; sends and writes nothing. */
async function rehearse(
  source: Source,
  reading: RowReading,
  { fromRow }: ImportOptions,
  settings: Settings,
  { output }: Terminal,
): Promise<number> {
  const problems = new Map<string, { count: number; readonly first: number }>();
  let left = rowsShown;
  let progress: ImportProgress | undefined;
  const send = async (feedback: readonly Feedback[]) => {
    for (const piece of feedback.slice(0, left)) await write(output, `${JSON.stringify(piece)}\n`);
    left -= Math.min(left, feedback.length);
  };
  const parts = { settings, rows: source.rows(), read: createRowReader(reading), send, fromRow, signal: stopRequest() };
  for await (progress of importFeedback(parts)) {
    for (const { row, problems: found } of progress.refusals) {
      for (const { field, reason } of found) {
        const what = `${field}: ${reason}`;
        const known = problems.get(what);
        if (known === undefined) problems.set(what, { count: 1, first: row.number });
        else known.count++;
      }
    }
  }
  for (const [what, { count, first }] of [...problems].sort(([, one], [, other]) => other.count - one.count)) {
    await write(output, `${count} × ${what} (first in row ${first})\n`);
  }
  await write(output, `${progress?.sent ?? 0} would be sent, ${progress?.refused ?? 0} refused; nothing is sent\n`);
  return (progress?.refused ?? 0) > 0 ? exitCodes.badData : exitCodes.success;
}

async function isConfirmed({ yes, map, mapFile }: ImportOptions, { input, errors }: Terminal): Promise<boolean> {
  if (yes || map !== undefined || mapFile !== undefined) return true;
  if (!('isTTY' in input && input.isTTY === true)) {
    throw new UsageError('nobody is there to confirm how the columns are understood: give --yes, --map or --map-file');
  }
  await write(errors, 'Send it like this? [y/N] ');
  for await (const answer of input) return /^\s*(?:y|yes|はい)\s*$/i.test(String(answer));
  return false;
}

/** The bytes of a file, unpacked. @param seen is told how many were read */
async function* counted(input: InputFile, seen: (bytes: number) => void): AsyncGenerator<Buffer> {
  const stream = input.stream();
  let bytes = 0;
  async function* read() {
    for await (const piece of stream) {
      bytes += piece.length;
      seen(bytes);
      yield piece;
    }
  }
  try {
    for await (const piece of unzipped(read())) yield Buffer.from(piece);
  } finally {
    stream.destroy();
  }
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SourceError || error instanceof MappingError) {
      throw new UsageError(error.message, { cause: error });
    }
    throw error;
  }
}

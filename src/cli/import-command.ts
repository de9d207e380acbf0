import { type Command, InvalidArgumentError, Option } from 'commander';
import { channels } from '../domain/labels.ts';
import { delimiters } from '../import/delimiter.ts';
import { encodings } from '../import/encoding.ts';
import type { Scale } from '../import/read-rating.ts';
import { dateOrders } from '../import/read-time.ts';
import { positive } from './arguments.ts';
import { oneOf } from './feedback-options.ts';
import { importFile } from './import.ts';
import { usualZone } from './period.ts';
import type { RunCommand } from './run-command.ts';
import type { Terminal } from './terminal.ts';

/** Adds `koe import`. */
export function addImportCommand(program: Command, terminal: Terminal, run: RunCommand): void {
  program
    .command('import')
    .description('send the rows of a table as raw feedback: CSV, TSV, XLSX or JSON lines')
    .argument('<file>', 'in any usual encoding; may be gzip')
    .option('--tenant <name>', 'whose feedback')
    .addOption(new Option('--channel <name>', 'channel of all rows').argParser(oneOf('channel', channels)))
    .option('--occurred-at <time>', 'when all of it was said, where no column tells')
    .option('--map <field=column,...>', 'what columns are taken as, besides what is guessed; rating= takes none')
    .option('--map-file <file>', 'the same as YAML, a line for each field')
    .option('-y, --yes', 'take the mapping that is guessed', false)
    .option('--dry-run', 'show the first rows as they would be sent, count what is wrong with the others', false)
    .addOption(new Option('--encoding <name>', 'encoding of the file').choices(encodings))
    .option('--delimiter <character>', `what stands between cells: ${delimiters.join(' ')} or tab`, delimiter)
    .option('--heading', 'the first row names the columns')
    .option('--no-heading', 'the first row is data; columns are named "column 1" and so on')
    .option('--sheet <name>', 'sheet of a workbook, by name or by number from 1')
    .option('--tz <zone>', 'time zone of times that tell none', usualZone)
    .addOption(new Option('--date-order <order>', 'order of dates such as 5/1/2024').choices(dateOrders).default('ymd'))
    .option('--rating-scale <min-max>', 'scale of ratings that do not tell their own: 1-5, 0-10', scale)
    .option('--errors <file>', 'where rows that cannot be sent go; FILE.errors.csv when absent')
    .option('--from-row <number>', 'go on with this row', positive, 1)
    .action((file, { tz: timeZone, ...options }) => run(() => importFile(file, { ...options, timeZone }, terminal)));
}

function delimiter(text: string): string {
  return text === 'tab' ? '\t' : oneOf('delimiter', delimiters)(text);
}

function scale(text: string): Scale {
  const [, min, max] = /^(\d{1,4})-(\d{1,4})$/.exec(text) ?? [];
  if (min === undefined || max === undefined || Number(min) >= Number(max)) {
    throw new InvalidArgumentError('It must be MIN-MAX, such as 1-5.');
  }
  return { min: Number(min), max: Number(max) };
}

import { type Command, Option } from 'commander';
import { type RejectCode, rejectCodes } from '../domain/reject-code.ts';
import { letterPlace, letterPlaces, positive } from './arguments.ts';
import { drop, listLetters, redrive, showLetter } from './dlq.ts';
import { usualZone } from './period.ts';
import type { RunCommand } from './run-command.ts';
import type { Terminal } from './terminal.ts';

/** Adds `koe dlq`. */
export function addDlqCommands(program: Command, terminal: Terminal, run: RunCommand): void {
  const dlq = program.command('dlq').description('look at dead letters, put them back, or settle them');
  selecting(dlq.command('list').description('list the dead letters that wait for a decision'))
    .option('--limit <number>', 'letters at most', positive, 50)
    .option('--all', 'also those that were redriven or dropped', false)
    .option('--json', 'print JSON lines', false)
    .action((options) => run(() => listLetters(options, terminal)));
  dlq
    .command('show')
    .description('show one dead letter: why, where from, and a masked preview')
    .argument('<letter>', 'its PARTITION:OFFSET, as listed', letterPlace)
    .option('--raw', 'print the bytes of its value as they came', false)
    .option('--json', 'print JSON', false)
    .action((place, options) => run(() => showLetter(place, options, terminal)));
  selecting(dlq.command('redrive').description('put dead letters back to the topics they were rejected from'))
    .argument('[letters...]', 'only these, by PARTITION:OFFSET', letterPlaces, [])
    .option('--limit <number>', 'letters at most', positive)
    .option('--dry-run', 'only say how many', false)
    .action((places, options) => run(() => redrive(places, options, terminal)));
  selecting(dlq.command('drop').description('settle dead letters without putting them back'))
    .argument('[letters...]', 'only these, by PARTITION:OFFSET', letterPlaces, [])
    .option('--limit <number>', 'letters at most', positive)
    .option('--dry-run', 'only say how many', false)
    .action((places, options) => run(() => drop(places, options, terminal)));
}

function selecting(command: Command): Command {
  const codes = Object.keys(rejectCodes) as RejectCode[];
  return command
    .addOption(new Option('--code <code>', 'only with this reject code').choices(codes))
    .option('--topic <name>', 'only from this topic')
    .option('--since <time>', 'rejected since: an age (24h, 7d), a date, or an RFC 3339 time')
    .option('--until <time>', 'rejected before, likewise')
    .option('--tz <zone>', 'time zone of dates', usualZone);
}

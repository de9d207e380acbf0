import { type Command, Option } from 'commander';
import { channels } from '../domain/labels.ts';
import { positive } from './arguments.ts';
import { usualZone } from './period.ts';
import { reenrich } from './reenrich.ts';
import { rekey } from './rekey.ts';
import { replay } from './replay.ts';
import type { RunCommand } from './run-command.ts';
import type { Terminal } from './terminal.ts';

/** Adds `koe replay`, `koe reenrich` and `koe rekey`: from the raw messages, and from the stored records. */
export function addEnrichAgainCommands(program: Command, terminal: Terminal, run: RunCommand): void {
  program
    .command('replay')
    .description('enrich messages of a raw topic again, without touching the offsets of the workers')
    .requiredOption('--topic <name>', 'which topic of raw feedback')
    .requiredOption('--from <start>', 'an age (24h, 7d), a date, an RFC 3339 time, or PARTITION:OFFSET,...')
    .option('--to <end>', 'likewise; the end of the topic when absent')
    .option('--tz <zone>', 'time zone of dates', usualZone)
    .option('--rate <number>', 'messages a second at most', positive)
    .action((options) => run(() => replay(options, terminal)));
  program
    .command('reenrich')
    .description('report how the labels of stored records change under the current versions, and write them')
    .option('--tenant <name>', 'only whose feedback')
    .addOption(new Option('--channel <name>', 'only this channel').choices(channels))
    .option('--since <time>', 'said since: an age (24h, 7d), a date, or an RFC 3339 time')
    .option('--until <time>', 'said before, likewise')
    .option('--tz <zone>', 'time zone of dates', usualZone)
    .option('--model-other-than-current', 'only records that another model has scored', false)
    .option('--limit <number>', 'records at most', positive)
    .option('--rate <number>', 'records a second at most', positive)
    .option('--after <key>', 'go on after this TENANT/ID')
    .option('--apply', 'write and publish the records', false)
    .option('--json', 'print the report as JSON', false)
    .action((options) => run(() => reenrich(options, terminal)));
  program
    .command('rekey')
    .description('bring the pseudonyms of all that is stored under the newest key')
    .option('--rate <number>', 'records a second at most', positive)
    .option('--apply', 'write and publish the records', false)
    .action((options) => run(() => rekey(options, terminal)));
}

import type { Command } from 'commander';
import { positive } from './arguments.ts';
import { dictionaryHistory, importDictionary, showDictionary, useDictionary } from './dictionary.ts';
import type { RunCommand } from './run-command.ts';
import type { Terminal } from './terminal.ts';

/** Adds `koe dictionary`. */
export function addDictionaryCommands(program: Command, terminal: Terminal, run: RunCommand): void {
  const dictionary = program
    .command('dictionary')
    .description("a tenant's own words and synonyms, on top of models/lexicon/dictionary.yaml");
  ofTenant(dictionary.command('show').description('print the dictionary in use as YAML'))
    .option('--version <number>', 'another version', positive)
    .action((options) => run(() => showDictionary(options, terminal)));
  ofTenant(dictionary.command('import').description('take a YAML file into use; workers have it within 5 seconds'))
    .argument('<file>', 'words: [...] and synonyms: [[counted, other, ...], ...]')
    .action((file, options) => run(() => importDictionary(file, options, terminal)));
  ofTenant(dictionary.command('history').description('list the versions, the newest first')).action((options) =>
    run(() => dictionaryHistory(options, terminal)),
  );
  ofTenant(dictionary.command('use').description('take an earlier version into use again'))
    .argument('<version>', 'its number', positive)
    .action((version, options) => run(() => useDictionary(version, options, terminal)));
}

function ofTenant(command: Command): Command {
  return command.requiredOption('--tenant <name>', 'whose dictionary');
}

import { type Command, Option } from 'commander';
import { headingLanguages, tableFormats } from '../export/encode-table.ts';
import { exportNames } from '../export/open-export.ts';
import { attributeName } from './arguments.ts';
import { exportTable } from './export.ts';
import { askingFeedback, oneOf } from './feedback-options.ts';
import type { RunCommand } from './run-command.ts';
import type { Terminal } from './terminal.ts';

/** Adds `koe export`. */
export function addExportCommand(program: Command, terminal: Terminal, run: RunCommand): void {
  askingFeedback(program.command('export').description('write feedback, figures or customers to a file'), '30d')
    .addArgument(program.createArgument('<what>', exportNames.join(', ')).argParser(oneOf('export', exportNames)))
    .option('-o, --output <file>', 'the file to write; - for standard output')
    .addOption(
      new Option('--format <format>', `${tableFormats.join(', ')}; as the name of the file says when absent`).argParser(
        oneOf('format', tableFormats),
      ),
    )
    .addOption(
      new Option('--headings <language>', 'column headings: en stays the same, for machines; ja is for people')
        .argParser(oneOf('language', headingLanguages))
        .default('en'),
    )
    .option('--by <attribute>', 'nps: also by value of this attribute', attributeName)
    .option('--force', 'replace the file if it is there', false)
    .action((what, options) => run(() => exportTable(what, options, terminal)));
}

import type { Command } from 'commander';
import { positive } from './arguments.ts';
import { type EvalOptions, evaluate } from './eval.ts';
import { refit, showModel, useModel } from './model.ts';
import type { RunCommand } from './run-command.ts';
import type { Terminal } from './terminal.ts';

/** Adds `koe eval` and `koe model`: how good the model is on one's own labels, and fitting it to them. */
export function addModelCommands(program: Command, terminal: Terminal, run: RunCommand): void {
  const model = program.command('model').description('look at the model, measure it, fit it to corrected labels');
  for (const parent of [program, model]) {
    parent
      .command('eval')
      .description('measure the model on labelled texts')
      .requiredOption('--data <file>', 'labelled texts: .tsv as in the annotation guide, or .jsonl')
      .option('--mistakes <number>', 'how many confident mistakes to show', positive, 10)
      .option('--json', 'print JSON', false)
      .action((options: EvalOptions) => run(() => evaluate(options, terminal)));
  }
  model
    .command('show')
    .description('tell which model is used and which versions there are')
    .action(() => run(() => showModel(terminal)));
  model
    .command('refit')
    .description('fit the heads to corrected labels and keep them if they are better')
    .requiredOption('--data <file>', 'corrected texts: .tsv as in the annotation guide, or .jsonl')
    .action((options: { data: string }) => run(() => refit(options, terminal)));
  model
    .command('use')
    .description('take a version into use; shipped goes back')
    .argument('<version>', 'as koe model show names it')
    .action((version: string) => run(() => useModel(version, terminal)));
}

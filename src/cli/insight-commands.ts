import { type Command, Option } from 'commander';
import type { Stance } from '../insight/feedback-counts.ts';
import { voiceOrders } from '../insight/voice-order.ts';
import { positive } from './arguments.ts';
import { askingFeedback, oneOf, topicArgument } from './feedback-options.ts';
import { rollupsVerify } from './rollups.ts';
import type { RunCommand } from './run-command.ts';
import type { Terminal } from './terminal.ts';
import { voices } from './voices.ts';

/** Adds the commands that answer questions about feedback. */
export function addInsightCommands(program: Command, terminal: Terminal, run: RunCommand): void {
  const ranking = (name: string, description: string, stance: Stance) =>
    askingFeedback(program.command(name).description(description))
      .option('--topic <id>', 'only this topic', topicArgument)
      .addOption(
        new Option('--sort <order>', `by ${voiceOrders.join(', ')}`)
          .argParser(oneOf('order', voiceOrders))
          .default('volume'),
      )
      .option('--by <attribute>', 'also tell the share by value of this attribute')
      .option('--limit <number>', 'rows at most', positive, 20)
      .action((options) => run(() => voices(stance, options, terminal)));
  ranking('pain-points', 'rank what customers criticise', 'criticism');
  ranking('praise', 'rank what customers praise', 'praise');
  ranking('requests', 'rank what customers ask for', 'request');
  program
    .command('rollups')
    .description('look after the counts that questions are answered from')
    .command('verify')
    .description('recount every hour from its records and list those that differ')
    .option('--tenant <name>', 'only whose feedback')
    .option('--repair', 'have the workers recount those that differ', false)
    .option('--json', 'print JSON', false)
    .action((options) => run(() => rollupsVerify(options, terminal)));
}

import { type Command, Option } from 'commander';
import type { Stance } from '../insight/feedback-counts.ts';
import { bucketUnits, weekdays } from '../insight/time-buckets.ts';
import { voiceOrders } from '../insight/voice-order.ts';
import { opinionSigns } from '../store/opinion-query.ts';
import { attribute, attributeName, positive } from './arguments.ts';
import { askingFeedback, oneOf, topicArgument } from './feedback-options.ts';
import { drivers, emerging, opinions, surveys } from './questions.ts';
import { rollupsVerify } from './rollups.ts';
import type { RunCommand } from './run-command.ts';
import { compareSegments } from './segments.ts';
import type { Terminal } from './terminal.ts';
import { timeline, topics } from './topics.ts';
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
      .option('--by <attribute>', 'also tell the share by value of this attribute', attributeName)
      .option('--limit <number>', 'rows at most', positive, 20)
      .action((options) => run(() => voices(stance, options, terminal)));
  ranking('pain-points', 'rank what customers criticise', 'criticism');
  ranking('praise', 'rank what customers praise', 'praise');
  ranking('requests', 'rank what customers ask for', 'request');
  askingFeedback(program.command('opinions').description('list what customers say of what'))
    .option('--topic <id>', 'only in sentences about this topic', topicArgument)
    .addOption(new Option('--sign <sign>', 'only +, - or 0').argParser(oneOf('sign', opinionSigns)))
    .option('--limit <number>', 'rows at most', positive, 30)
    .action((options) => run(() => opinions(options, terminal)));
  askingFeedback(program.command('emerging').description('find what is spoken of more than it used to be'))
    .option('--baseline <time>', 'where the baseline begins; four times as long as the period when absent')
    .option('--limit <number>', 'opinions and topics at most, each', positive, 20)
    .option('--no-uncovered', 'leave out what no topic covers: comparing texts takes some seconds')
    .action((options) => run(() => emerging(options, terminal)));
  askingFeedback(program.command('nps').description('score NPS, CSAT, CES and DWB'), '90d')
    .option('--by <attribute>', 'also by value of this attribute, each against all others', attributeName)
    .option('--limit <number>', 'segments at most', positive, 20)
    .action((options) => run(() => surveys(options, terminal)));
  askingFeedback(program.command('drivers').description('find what drives NPS'), '90d').action((options) =>
    run(() => drivers(options, terminal)),
  );
  askingFeedback(program.command('topics').description('list the topics and how often each is spoken of')).action(
    (options) => run(() => topics(options, terminal)),
  );
  askingFeedback(program.command('timeline').description('tell how a topic is spoken of as time goes by'), '30d')
    .argument('<topic>', 'its id, as koe topics lists it', topicArgument)
    .addOption(
      new Option('--bucket <unit>', `a row for each ${bucketUnits.join(', ')} of the zone`)
        .argParser(oneOf('unit', bucketUnits))
        .default('day'),
    )
    .addOption(
      new Option('--week-start <day>', 'day that weeks begin with').argParser(oneOf('day', weekdays)).default('monday'),
    )
    .action((topic, options) => run(() => timeline(topic, options, terminal)));
  const segments = program.command('segments').description('look at parts of the feedback, told apart by attributes');
  askingFeedback(segments.command('compare').description('tell how two segments differ, and how surely'))
    .option('--one <name=value>', 'the first segment; may be repeated, and all must hold', attribute, {})
    .option('--other <name=value>', 'the second, likewise; all others when absent', attribute, {})
    .option('--limit <number>', 'topics at most', positive, 10)
    .action((options) => run(() => compareSegments(options, terminal)));
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

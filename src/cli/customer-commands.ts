import { type Command, Option } from 'commander';
import { churnBands } from '../domain/churn-change.ts';
import { positive } from './arguments.ts';
import { churn, churnBacktest, churnFit, churnScore, customer, loyalty } from './customers.ts';
import { oneOf, periodOptions } from './feedback-options.ts';
import { usualZone } from './period.ts';
import type { RunCommand } from './run-command.ts';
import type { Terminal } from './terminal.ts';
import { languages } from './topic-names.ts';

/** Adds the commands that answer questions about customers. */
export function addCustomerCommands(program: Command, terminal: Terminal, run: RunCommand): void {
  periodOptions(asking(program.command('loyalty').description('tell how loyal customers are')), '90d')
    .option('--limit <number>', 'advocates at most', positive, 10)
    .action((options) => run(() => loyalty(options, terminal)));
  told(asking(program.command('customer').description('show one customer: timeline, risk of leaving and why')))
    .argument('<id>', 'identifier or pseudonym')
    .option('--limit <number>', 'events and feedback at most', positive, 50)
    .action((id, options) => run(() => customer(id, options, terminal)));
  const group = program.command('churn').description('tell who may leave, and why');
  told(asking(group.command('list', { isDefault: true }).description('rank customers by their risk of leaving')))
    .addOption(new Option('--band <name>', 'this band and those above').argParser(oneOf('band', churnBands)))
    .option('--least-revenue <amount>', 'only who pays at least so much a month', positive)
    .option('--limit <number>', 'customers at most', positive, 20)
    .action((options) => run(() => churn(options, terminal)));
  asking(group.command('score').description('score every customer and publish changes of band')).action((options) =>
    run(() => churnScore(options, terminal)),
  );
  asking(group.command('fit').description('learn a model from cancellations and take it into use')).action((options) =>
    run(() => churnFit(options, terminal)),
  );
  asking(group.command('backtest').description('tell how well past departures would have been predicted'))
    .option('--split <time>', 'learn before, measure after: an age, a date, or an RFC 3339 time', '90d')
    .option('--until <time>', 'where measuring ends, likewise; now when absent')
    .option('--tz <zone>', 'time zone of dates and of the times shown', usualZone)
    .action((options) => run(() => churnBacktest(options, terminal)));
}

function asking(command: Command): Command {
  return command.requiredOption('--tenant <name>', 'whose customers').option('--json', 'print JSON', false);
}

function told(command: Command): Command {
  return command
    .addOption(new Option('--lang <language>', 'of the reasons').argParser(oneOf('language', languages)).default('ja'))
    .option('--tz <zone>', 'time zone of the times shown', usualZone);
}

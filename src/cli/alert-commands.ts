import { type Command, Option } from 'commander';
import { alertStatuses } from '../domain/alert.ts';
import {
  handleAlert,
  listAlerts,
  type OperatorAct,
  sendTest,
  setRule,
  showAlert,
  testRule,
  tuneRules,
  watchAlerts,
} from './alerts.ts';
import { positive } from './arguments.ts';
import type { RunCommand } from './run-command.ts';
import type { Terminal } from './terminal.ts';

/** Adds `koe alerts`. */
export function addAlertCommands(program: Command, terminal: Terminal, run: RunCommand): void {
  const alerts = program.command('alerts').description('see and handle alerts, try and tune their rules');
  const ofTenant = (command: Command) => command.requiredOption('--tenant <name>', 'whose feedback');
  const acting = (name: string, description: string) =>
    ofTenant(alerts.command(name).description(description).argument('<id>', 'the alert, as listed'));
  const handle = (id: string, what: OperatorAct, options: { tenant: string }) =>
    run(() => handleAlert(id, what, options, terminal));

  ofTenant(alerts.command('list').description('list alerts, those that began last first'))
    .addOption(new Option('--status <status>', 'only with this status').choices(alertStatuses))
    .option('--rule <id>', 'only of this rule')
    .option('--since <time>', 'fired since: an age (24h, 7d), a date, or an RFC 3339 time', '7d')
    .option('--limit <number>', 'alerts at most', positive, 50)
    .option('--json', 'print JSON lines', false)
    .action((options) => run(() => listAlerts(options, terminal)));
  acting('show', 'show one alert: expected and observed, evidence, history')
    .option('--json', 'print JSON', false)
    .action((id, options) => run(() => showAlert(id, options, terminal)));
  acting('ack', 'acknowledge an alert: somebody is on it')
    .option('--note <text>', 'what to write down')
    .action((id, options) => handle(id, withNote('acknowledged', options.note), options));
  acting('resolve', 'close an alert')
    .option('--note <text>', 'what it was')
    .action((id, options) => handle(id, withNote('resolved', options.note), options));
  acting('snooze', 'silence an alert for a while')
    .requiredOption('--for <time>', 'how long: 30m, 2h, 1d')
    .action((id, options) => handle(id, { event: 'snoozed', for: options.for }, options));
  acting('comment', 'write something down about an alert')
    .argument('<text>', 'what')
    .action((id, text, options) => handle(id, withNote('commented', text), options));
  acting('vote', 'say whether an alert was worth it')
    .addArgument(program.createArgument('<vote>', 'your judgement').choices(['useful', 'false']))
    .action((id, vote, options) => handle(id, { event: 'voted', useful: vote === 'useful' }, options));
  ofTenant(alerts.command('watch').description('print changes of alerts as they happen')).action((options) =>
    run(() => watchAlerts(options, terminal)),
  );
  ofTenant(alerts.command('test').description('replay history: what would a rule have alerted?'))
    .argument('<rule>', 'id of the rule')
    .option('--since <time>', 'from when', '30d')
    .action((rule, options) => run(() => testRule(rule, options, terminal)));
  ofTenant(alerts.command('tune').description('how often were rules right, by the votes?')).action((options) =>
    run(() => tuneRules(options, terminal)),
  );
  alerts
    .command('set-rule')
    .description('check a rule on its examples and put it in force')
    .argument('<file>', 'the rule as JSON')
    .action((file) => run(() => setRule(file, terminal)));
  alerts
    .command('send-test')
    .description('send a made-up alert to a channel')
    .argument('<channel>', 'id of the channel in KOE_ALERT_CHANNELS')
    .action((channel) => run(() => sendTest(channel, terminal)));
}

function withNote(event: 'acknowledged' | 'resolved' | 'commented', note: string | undefined): OperatorAct {
  return { event, ...(note !== undefined && { note }) };
}

import { type Command, InvalidArgumentError, Option } from 'commander';
import { alertStatuses } from '../domain/alert.ts';
import { addEntry, listCalendar, removeEntry } from './alert-calendar.ts';
import { listOutbox, resend, sendTest } from './alert-channels.ts';
import { deleteRule, listRules, setRule, testRule, tuneRules } from './alert-rules.ts';
import { handleAlert, listAlerts, type OperatorAct, showAlert, watchAlerts } from './alerts.ts';
import { positive } from './arguments.ts';
import type { RunCommand } from './run-command.ts';
import type { Terminal } from './terminal.ts';

/** Adds `koe alerts`. */
export function addAlertCommands(program: Command, terminal: Terminal, run: RunCommand): void {
  const alerts = program.command('alerts').description('see and handle alerts, try and tune their rules');
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
  addRuleCommands(alerts, terminal, run);
  addCalendarCommands(alerts.command('calendar').description('holidays, campaigns and maintenance'), terminal, run);
  addChannelCommands(alerts, terminal, run);
}

const ofTenant = (command: Command) => command.requiredOption('--tenant <name>', 'whose feedback');

function addRuleCommands(alerts: Command, terminal: Terminal, run: RunCommand): void {
  ofTenant(alerts.command('rules').description('list the rules that hold'))
    .option('--json', 'print JSON lines', false)
    .action((options) => run(() => listRules(options, terminal)));
  ofTenant(alerts.command('test').description('replay history: what would a rule have alerted?'))
    .argument('<rule>', 'id of a rule that holds, or a .json file with one')
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
    .command('delete-rule')
    .description('take a stored rule away; the one in whose place it was holds again')
    .argument('<rule>', 'id of the rule')
    .option('--tenant <name>', 'whose; a rule for every tenant when absent')
    .action((rule, options) => run(() => deleteRule(rule, options, terminal)));
}

function addCalendarCommands(calendar: Command, terminal: Terminal, run: RunCommand): void {
  const zone = ['--tz <zone>', 'time zone of times', 'Asia/Tokyo'] as const;
  ofTenant(calendar.command('list').description('public holidays ahead, campaigns and maintenance that are not over'))
    .option('--days <number>', 'holidays so far ahead', positive, 90)
    .option(...zone)
    .option('--json', 'print JSON lines', false)
    .action((options) => run(() => listCalendar(options, terminal)));
  ofTenant(calendar.command('add').description('tell when feedback is known to differ, or nothing is to be alerted'))
    .argument('<name>', 'what it is called', entryName)
    .addOption(new Option('--kind <kind>', 'what it is').choices(['campaign', 'maintenance']).makeOptionMandatory())
    .requiredOption('--from <time>', 'beginning: a date or an RFC 3339 time')
    .requiredOption('--until <time>', 'end, likewise; a date ends with its beginning')
    .option('--factor <number>', 'by how much a campaign multiplies complaints', factor)
    .option('--topic <id...>', 'only these topics')
    .option('--note <text>', 'what to write down about it')
    .option(...zone)
    .action((name, options) => run(() => addEntry(name, options, terminal)));
  ofTenant(calendar.command('remove').description('take an entry out'))
    .argument('<name>', 'what it is called')
    .action((name, options) => run(() => removeEntry(name, options, terminal)));
}

function addChannelCommands(alerts: Command, terminal: Terminal, run: RunCommand): void {
  alerts
    .command('outbox')
    .description('list messages to receivers: which were sent, and why others were not')
    .addOption(new Option('--status <status>', 'only with this status').choices(['waiting', 'sent', 'failed']))
    .option('--limit <number>', 'messages at most', positive, 50)
    .option('--json', 'print JSON lines', false)
    .action((options) => run(() => listOutbox(options, terminal)));
  alerts
    .command('resend')
    .description('try a message again that was given up')
    .argument('<message>', 'as koe alerts outbox lists it')
    .action((message) => run(() => resend(message, terminal)));
  alerts
    .command('send-test')
    .description('send a made-up alert to a channel')
    .argument('<channel>', 'id of the channel in KOE_ALERT_CHANNELS')
    .action((channel) => run(() => sendTest(channel, terminal)));
}

/** A name without a slash, which separates it from the tenant. */
function entryName(text: string): string {
  if (!/^[\p{L}\p{N}._-]{1,64}$/u.test(text)) throw new InvalidArgumentError('It must be letters, digits, ., _ or -.');
  return text;
}

function factor(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number <= 1000)) throw new InvalidArgumentError('It must be a number above 0, such as 2.5.');
  return number;
}

function withNote(event: 'acknowledged' | 'resolved' | 'commented', note: string | undefined): OperatorAct {
  return { event, ...(note !== undefined && { note }) };
}

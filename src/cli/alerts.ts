import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import type { Act } from '../alerting/life-cycle.ts';
import { InvalidRule, parseRule } from '../alerting/rule-file.ts';
import { rulePrecision } from '../alerting/tune.ts';
import { loadAlertChannels, loadAlertRules } from '../app/alert-assets.ts';
import { replayRule } from '../app/alert-replay.ts';
import { exitCodes, UsageError } from '../app/exit-code.ts';
import { openServers } from '../app/servers.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import type { Alert, AlertChange, AlertStatus } from '../domain/alert.ts';
import type { AlertRule } from '../domain/alert-rule.ts';
import { alertText } from '../notify/alert-text.ts';
import { sendAlert } from '../notify/send-alert.ts';
import { Closing } from '../runtime/closing.ts';
import { findAlert, queryAlerts } from '../store/alert-query.ts';
import { rulesOf, saveRule } from '../store/alert-rules.ts';
import { actOnAlert } from '../store/alerts.ts';
import { type Database, openPreparedDatabase } from '../store/database.ts';
import { operator } from './operator.ts';
import { parseTime } from './period.ts';
import { printable } from './printable.ts';
import { stopRequest } from './stop-signal.ts';
import { type Terminal, write } from './terminal.ts';

const watchPauseMs = 2000;
const mostAlerts = 10_000;

/** Whose alerts. */
export interface AlertOptions {
  readonly tenant: string;
}

/** Options of `koe alerts list`. */
export interface AlertListOptions extends AlertOptions {
  readonly status?: AlertStatus;
  readonly rule?: string;
  readonly since: string;
  readonly limit: number;
  readonly json: boolean;
}

async function withDatabase<T>(terminal: Terminal, work: (database: Database, settings: Settings) => Promise<T>) {
  const settings = readSettings(terminal.environment);
  const closing = new Closing();
  try {
    const servers = closing.add(await openServers(settings, { kafka: false, mongo: true }), (opened) => opened.close());
    const database = closing.add(await openPreparedDatabase(servers.database), (opened) => opened.close());
    return await work(database, settings);
  } finally {
    await closing.closeAll();
  }
}

/** Prints alerts, those that began last first, as a table or as JSON lines. */
export function listAlerts(options: AlertListOptions, terminal: Terminal): Promise<number> {
  const since = parseTime(options.since, Date.now());
  return withDatabase(terminal, async (database) => {
    const { tenant, status, rule, limit, json } = options;
    const filter = { tenant, since, limit, rule, status: status === undefined ? undefined : [status] };
    const alerts = await queryAlerts(database, filter);
    const lines = alerts.map((alert) => `${JSON.stringify(alert)}\n`).join('');
    await write(terminal.output, json ? lines : table(alerts));
    return exitCodes.success;
  });
}

function table(alerts: readonly Alert[]): string {
  if (alerts.length === 0) return 'No alerts\n';
  const rows = new Table({
    head: ['id', 'severity', 'status', 'rule', 'about', 'since (UTC)', 'observed', 'usually', 'incident'],
    style: { head: [], border: [], compact: true },
  });
  for (const { id, severity, status, rule, subject, first, latest, incident } of alerts) {
    const { observed, expected } = latest;
    const since = first.window.until.slice(0, 16).replace('T', ' ');
    rows.push([id, severity.level, status, rule, printable(subject), since, observed, expected ?? '-', incident]);
  }
  return `${rows.toString()}\n`;
}

/** Prints one alert with its evidence and history. */
export function showAlert(id: string, { tenant, json }: AlertOptions & { json: boolean }, terminal: Terminal) {
  return withDatabase(terminal, async (database) => {
    const alert = found(await findAlert(database, tenant, id), id);
    if (json) await write(terminal.output, `${JSON.stringify(alert)}\n`);
    else {
      const change = changeOf(alert, alert.history.length - 1);
      const { subject, lines } = alertText([change], 'en');
      const history = alert.history.map(
        ({ at, event, by, note }) => `${at} ${event} by ${by}${note === undefined ? '' : `: ${note}`}`,
      );
      const all = [
        subject,
        ...lines,
        `severity: ${alert.severity.reasons.join('; ') || 'no special reasons'}`,
        ...history,
      ];
      await write(terminal.output, `${all.map(printable).join('\n')}\n`);
    }
    return exitCodes.success;
  });
}

function found(alert: Alert | undefined, id: string): Alert {
  if (alert === undefined) throw new UsageError(`there is no alert ${id} of this tenant`);
  return alert;
}

function changeOf(alert: Alert, sequence: number): AlertChange {
  const entry = alert.history[sequence];
  const event = entry?.event ?? 'opened';
  const timestamp = entry?.at ?? new Date().toISOString();
  return { id: `${alert.id}.${sequence}`, type: `alert.${event}`, timestamp, data: alert };
}

/** An act without who does it: that is who runs the command. */
export type OperatorAct =
  | { readonly event: 'acknowledged' | 'resolved' | 'commented'; readonly note?: string }
  | { readonly event: 'snoozed'; readonly for: string }
  | { readonly event: 'voted'; readonly useful: boolean };

/** Does something about an alert in the operator's name. */
export function handleAlert(id: string, what: OperatorAct, { tenant }: AlertOptions, terminal: Terminal) {
  return withDatabase(terminal, async (database) => {
    const now = new Date();
    const by = operator();
    const acted: Act =
      what.event === 'snoozed' ? { event: 'snoozed', by, until: endOfSnooze(what.for, now) } : { ...what, by };
    const { status } = found(await actOnAlert(database, { tenant, id }, acted, now), id);
    await write(terminal.output, `${id} is ${status}\n`);
    return exitCodes.success;
  });
}

/** An age such as 2h, forwards. */
function endOfSnooze(length: string, now: Date): string {
  const back = parseTime(length, now.getTime()).getTime();
  if (back >= now.getTime()) throw new UsageError('a snooze lasts a time such as 30m, 2h or 1d');
  return new Date(2 * now.getTime() - back).toISOString();
}

/** Prints changes of alerts as they happen, until interrupted. */
export function watchAlerts({ tenant }: AlertOptions, terminal: Terminal): Promise<number> {
  return withDatabase(terminal, async (database) => {
    const stop = stopRequest();
    const seen = new Map<string, number>();
    for (let isFirst = true; !stop.aborted; isFirst = false) {
      for (const alert of await queryAlerts(database, { tenant, limit: 1000 })) {
        const known = seen.get(alert.id) ?? 0;
        seen.set(alert.id, alert.history.length);
        if (isFirst) continue;
        for (const { at, event, by } of alert.history.slice(known)) {
          const line = `${at} ${alert.id} ${event} by ${by}: ${alert.severity.level} ${alert.rule} ${alert.subject}`;
          await write(terminal.output, `${printable(line)}\n`);
        }
      }
      await sleep(watchPauseMs, undefined, { signal: stop }).catch(() => undefined);
    }
    return exitCodes.success;
  });
}

/** Replays history and prints what a rule would have alerted. */
export function testRule(id: string, options: AlertOptions & { since: string }, terminal: Terminal): Promise<number> {
  const now = Date.now();
  const from = parseTime(options.since, now).getTime();
  return withDatabase(terminal, async (database, settings) => {
    const { tenant } = options;
    const rules = await rulesOf(database, tenant, (await loadAlertRules()).rules);
    const rule = rules.find((one) => one.id === id);
    if (rule === undefined)
      throw new UsageError(`there is no rule ${id}; there are ${rules.map((one) => one.id).join(', ')}`);
    const zoneOffsetMs = settings.KOE_ALERT_UTC_OFFSET_MINUTES * 60_000;
    const detections = await replayRule(database, rule, { tenant, from, through: now, zoneOffsetMs });
    const lines = detections.map(({ subject, first, runs }) => {
      const [since, until] = [runs[0]?.from ?? 0, runs.at(-1)?.until ?? 0].map((time) => new Date(time).toISOString());
      return printable(`${since} – ${until} ${subject}: ${first.observed}, usually ${first.expected ?? '-'}`);
    });
    await write(terminal.output, `${[...lines, `${lines.length} alerts`].join('\n')}\n`);
    return exitCodes.success;
  });
}

/** Prints how often each rule was right by the votes, and the threshold that would make it right often enough. */
export function tuneRules({ tenant }: AlertOptions, terminal: Terminal): Promise<number> {
  return withDatabase(terminal, async (database) => {
    const rules = new Map<string, { q?: number | undefined; useful: boolean }[]>();
    for (const { rule, first, history } of await queryAlerts(database, { tenant, limit: mostAlerts })) {
      const vote = history.findLast(({ useful }) => useful !== undefined)?.useful;
      if (vote !== undefined) rules.set(rule, [...(rules.get(rule) ?? []), { q: first.q, useful: vote }]);
    }
    const lines = [...rules].map(([rule, alerts]) => {
      const { votes, useful, interval, q } = rulePrecision(alerts);
      const [low, high] = interval.map((share) => Math.round(share * 100));
      return `${rule}: ${useful} of ${votes} useful (${low}-${high} %)${q === undefined ? '' : `; q ${q.toPrecision(2)} would keep four of five useful`}`;
    });
    await write(terminal.output, `${lines.join('\n') || 'Nobody has voted yet: koe alerts vote ID useful|false'}\n`);
    return exitCodes.success;
  });
}

/** Checks a rule on its examples and puts it in force, in place of the one with its id. */
export async function setRule(file: string, terminal: Terminal): Promise<number> {
  const rule = await readRule(file);
  return withDatabase(terminal, async (database) => {
    await saveRule(database, rule, { by: operator(), at: new Date() });
    const whose = rule.tenant ?? 'every tenant';
    await write(terminal.output, `${rule.id} ${rule.enabled ? 'holds' : 'is switched off'} for ${whose}\n`);
    return exitCodes.success;
  });
}

async function readRule(file: string): Promise<AlertRule> {
  try {
    return parseRule(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof InvalidRule) throw new UsageError(cause.message, { cause });
    if (cause instanceof SyntaxError) throw new UsageError(`${file} is not JSON`, { cause });
    throw cause;
  }
}

/** Sends a made-up alert to a channel, so that it can be seen to arrive. */
export async function sendTest(channelId: string, terminal: Terminal): Promise<number> {
  const settings = readSettings(terminal.environment);
  const channels = await loadAlertChannels(settings);
  const channel = channels.find(({ id }) => id === channelId);
  if (channel === undefined) {
    throw new UsageError(
      `there is no channel ${channelId}; KOE_ALERT_CHANNELS has ${channels.map(({ id }) => id).join(', ') || 'none'}`,
    );
  }
  const change = changeOf(exampleAlert(new Date()), 0);
  const result = await sendAlert(
    channel,
    { id: `test-${Date.now()}.${channel.id}`, changes: [change] },
    {
      allowPrivate: settings.KOE_ALERT_ALLOW_PRIVATE,
      timeoutMs: settings.KOE_ALERT_TIMEOUT_MS,
      smtpUrl: settings.KOE_SMTP_URL,
    },
  );
  await write(terminal.output, result.kind === 'delivered' ? 'delivered\n' : `${result.kind}: ${result.reason}\n`);
  return result.kind === 'delivered' ? exitCodes.success : exitCodes.failure;
}

function exampleAlert(now: Date): Alert {
  const [at, before] = [now.toISOString(), new Date(now.getTime() - 3_600_000).toISOString()];
  const finding = {
    window: { from: before, until: at },
    observed: 12,
    total: 14,
    expected: 1.5,
    interval: [0, 4] as [number, number],
    p: 0.0001,
    q: 0.002,
  };
  return {
    id: 'test',
    key: 'test',
    tenant: 'test',
    rule: 'spike',
    kind: 'spike',
    subject: 'delivery.chat',
    topic: 'delivery',
    channel: 'chat',
    runs: [{ from: at, until: at }],
    first: finding,
    latest: finding,
    severity: { level: 'low', reasons: ['this is a test'] },
    evidence: {
      opinions: [{ term: '配送:遅い:-', count: 9, before: 2 }],
      verbatims: [{ id: 'test', occurredAt: at, sentence: 'これは通知のテストです。' }],
      customers: { count: 12, list: [], revenue: 0 },
      segments: [],
      similar: [],
    },
    incident: 'test',
    status: 'open',
    reopened: 0,
    history: [{ sequence: 0, event: 'opened', at, by: 'koe' }],
  };
}

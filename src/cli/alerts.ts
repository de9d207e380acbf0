import { once } from 'node:events';
import Table from 'cli-table3';
import type { Act } from '../alerting/life-cycle.ts';
import { exitCodes, UsageError } from '../app/exit-code.ts';
import type { Alert, AlertChange, AlertStatus } from '../domain/alert.ts';
import { alertText } from '../notify/alert-text.ts';
import { createAlertFeed, type FedChanges } from '../store/alert-feed.ts';
import { findAlert, queryAlerts } from '../store/alert-query.ts';
import { actOnAlert } from '../store/alerts.ts';
import { writeTable } from './colour.ts';
import { operator } from './operator.ts';
import { parseTime } from './period.ts';
import { printable } from './printable.ts';
import { stopRequest } from './stop-signal.ts';
import { type Terminal, write } from './terminal.ts';
import { withDatabase } from './with-database.ts';

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

/** Prints alerts, those that began last first, as a table or as JSON lines. */
export function listAlerts(options: AlertListOptions, terminal: Terminal): Promise<number> {
  const since = parseTime(options.since, Date.now());
  return withDatabase(terminal, async (database) => {
    const { tenant, status, rule, limit, json } = options;
    const filter = { tenant, since, limit, rule, status: status === undefined ? undefined : [status] };
    const alerts = await queryAlerts(database, filter);
    if (json) for (const alert of alerts) await write(terminal.output, `${JSON.stringify(alert)}\n`);
    else await writeTable(terminal, table(alerts));
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

/** The change of an alert that an entry of its history is. */
export function changeOf(alert: Alert, sequence: number): AlertChange {
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
    const feed = createAlertFeed(database);
    const seen = new Set<string>();
    let position: string | undefined;
    let printing = Promise.resolve();
    const changed = (fed: FedChanges) => {
      position = fed.position;
      for (const { id, timestamp, type, data } of fed.changes.filter((change) => !seen.has(change.id))) {
        seen.add(id);
        const by = data.history.find(({ sequence }) => id === `${data.id}.${sequence}`)?.by ?? 'koe';
        const about = `${data.severity.level} ${data.rule} ${data.subject}`;
        const line = printable(`${timestamp} ${data.id} ${type.replace('alert.', '')} by ${by}: ${about}`);
        printing = printing.then(() => write(terminal.output, `${line}\n`));
      }
    };
    const missed = () => {
      printing = printing.then(() => write(terminal.errors, 'Some changes were missed: koe alerts list has all\n'));
    };
    try {
      for (let isFirst = true; !stop.aborted; isFirst = false) {
        const end = new AbortController();
        const unfollow = await feed.follow({ tenant, changed, missed, ended: () => end.abort() }, position);
        if (isFirst) await write(terminal.errors, 'Watching; interrupt to end\n');
        const over = AbortSignal.any([stop, end.signal]);
        if (!over.aborted) await once(over, 'abort');
        unfollow();
      }
    } finally {
      await feed.close();
      await printing;
    }
    return exitCodes.success;
  });
}

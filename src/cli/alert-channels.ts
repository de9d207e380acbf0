import Table from 'cli-table3';
import { loadAlertChannels } from '../app/alert-assets.ts';
import { exitCodes, UsageError } from '../app/exit-code.ts';
import { readSettings } from '../config/settings.ts';
import type { Alert } from '../domain/alert.ts';
import { sendAlert } from '../notify/send-alert.ts';
import { type DeliveryStatus, listDeliveries, sendAgain } from '../store/alert-deliveries.ts';
import { changeOf } from './alerts.ts';
import { writeTable } from './colour.ts';
import { printable } from './printable.ts';
import { type Terminal, write } from './terminal.ts';
import { withDatabase } from './with-database.ts';

/** Prints messages to receivers, the newest first: whether they were sent, and why not. */
export function listOutbox(
  options: { readonly status?: DeliveryStatus; readonly limit: number; readonly json: boolean },
  terminal: Terminal,
): Promise<number> {
  const { status, limit, json } = options;
  return withDatabase(terminal, async (database) => {
    const deliveries = await listDeliveries(database, { status, limit });
    const table = new Table({
      head: ['message', 'tenant', 'channel', 'status', 'tries', 'made (UTC)', 'due (UTC)', 'why'],
      style: { head: [], border: [], compact: true },
    });
    for (const one of deliveries) {
      const [made, due] = [one.createdAt, one.dueAt].map((at) => at.toISOString().slice(0, 16).replace('T', ' '));
      const isDue = one.status === 'waiting' ? due : '-';
      table.push([
        one._id,
        one.tenant,
        one.channel,
        one.status,
        one.attempts,
        made,
        isDue,
        printable(one.reason ?? '-'),
      ]);
    }
    const lines = deliveries.map(({ changes, ...one }) => `${JSON.stringify(one)}\n`).join('');
    const shown = deliveries.length === 0 ? 'The outbox is empty\n' : `${table.toString()}\n`;
    await (json ? write(terminal.output, lines) : writeTable(terminal, shown));
    return exitCodes.success;
  });
}

/** Has a message that was given up tried again, under the same id. */
export function resend(id: string, terminal: Terminal): Promise<number> {
  return withDatabase(terminal, async (database) => {
    if (!(await sendAgain(database, id, new Date()))) throw new UsageError(`no message ${id} was given up`);
    await write(terminal.output, `${id} waits to be sent\n`);
    return exitCodes.success;
  });
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

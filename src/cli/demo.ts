import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import { startAlertApp } from '../app/alert-app.ts';
import { startApiApp } from '../app/api-app.ts';
import { scoreChurn } from '../app/churn-score.ts';
import { startEnrichApp } from '../app/enrich-app.ts';
import { exitCodes } from '../app/exit-code.ts';
import type { RunningWorker } from '../app/process.ts';
import { openServers } from '../app/servers.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import type { Sentiment } from '../domain/labels.ts';
import type { EnrichedRecord } from '../domain/record.ts';
import { topicNames } from '../domain/topics.ts';
import { connectKafka } from '../kafka/connection.ts';
import { createProducer } from '../kafka/producer.ts';
import { Closing } from '../runtime/closing.ts';
import { createApiKey, revokeApiKey } from '../store/api-keys.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { queryVoices } from '../store/voice-query.ts';
import { watchRecords } from '../store/watch-records.ts';
import { createLogger } from '../telemetry/logger.ts';
import { worldTenant as tenant } from '../world/facts.ts';
import { loadPhrases } from '../world/load-phrases.ts';
import { dayMs, hourMs } from '../world/timing.ts';
import { makeWorld, type World, type WorldSize } from '../world/world.ts';
import { listAlerts } from './alerts.ts';
import { writeTable } from './colour.ts';
import { type LoadTarget, loadAll } from './demo-load.ts';
import { tourText } from './demo-tour.ts';
import { usualZone } from './period.ts';
import { printable } from './printable.ts';
import { stopSignal } from './stop-signal.ts';
import { columnsOf, type Terminal, write } from './terminal.ts';
import { voiceTable } from './voice-table.ts';

const seed = 1;
const recentDays = 7;
/** Records that are shown one by one as they are stored. */
const recordsShown = 20;
const alertDeadlineMs = 120_000;
/** Alerts stay so far behind the present at most, since feedback may be late. */
const alertDelayMs = 5 * 60_000;

/** Options of `koe demo`. */
export interface DemoOptions {
  /** Whether to end after the last table. */
  readonly once: boolean;
  readonly size: WorldSize;
}

/**
 * Shows everything koe does with nothing installed: servers, an enrich worker, a fictional company's feedback and
 * customer events through Kafka, pain points, churn risk, alerts, and the API. Stays up until Ctrl-C unless `once`.
 */
export async function demo({ once, size }: DemoOptions, terminal: Terminal): Promise<number> {
  const usual = { KOE_API_PORT: '0', KOE_ALERT_IDLE_SECONDS: '2' };
  const settings: Settings = { ...readSettings({ ...usual, ...terminal.environment }), KOE_HTTP_PORT: 0 };
  const end = Math.floor(Date.now() / hourMs) * hourMs;
  const world = makeWorld({ phrases: await loadPhrases(), seed, end, size });
  const say = (line: string) => write(terminal.output, `${line}\n`);
  const closing = new Closing();
  try {
    const servers = closing.add(await openServers(settings), (opened) => opened.close());
    await say(`Kafka    ${servers.kafka.brokers.join(',')}${settings.KAFKA_BROKERS ? '' : ' (embedded)'}`);
    // A configured address may hold a password.
    await say(`MongoDB  ${settings.MONGODB_URI ? 'as MONGODB_URI says' : `${servers.database.uri} (embedded)`}`);
    const logger = createLogger({ level: 'warn', name: 'koe-demo' });
    const worker = await startEnrichApp(settings, logger);
    closing.add(worker, (started) => started.stop());
    await say(`Worker   ${worker.operationsUrl}/metrics\n`);
    const connection = connectKafka(servers.kafka, logger);
    const database = closing.add(await openDatabase(servers.database), (opened) => opened.close());
    const producer = closing.add(createProducer(connection), (opened) => opened.close());
    const target = { settings, connection, producer, database };
    await Promise.race([load(world, end, target, terminal), failing(worker)]);

    const topic = topicNames(settings.KOE_TOPIC_PREFIX).churn;
    const scored = await scoreChurn(database, { tenant, at: new Date(), topic, send: (all) => producer.send(all) });
    await say(`\n${scored.customers} customers have a risk of leaving now: koe churn list tells who, and why`);
    await showPainPoints(database, 10, terminal);
    const alerts = await startAlertApp(settings, logger);
    closing.add(alerts, (started) => started.stop());
    await Promise.race([untilEvaluated(database, end), failing(alerts)]);
    await say('\nAlerts');
    await listAlerts({ tenant, since: '3d', limit: 20, json: false }, terminal);
    if (once) return exitCodes.success;

    const api = closing.add(await startApiApp(settings, logger), (started) => started.stop());
    const key = await createApiKey(database, { tenant, role: 'analyst', name: 'demo' });
    closing.add(key, async () => {
      await revokeApiKey(database, key.split('_')[1] ?? '');
    });
    await say(`\nIn another terminal, while this one runs:\n\n${tourText(end)}`);
    await say(`  the same over HTTP; every route is on ${api.url}/docs`);
    await say(`    curl -H 'Authorization: Bearer ${key}' '${api.url}/v1/pain-points?since=7d'\n`);
    await say('docs/demo.md tells what there is to find. Running until Ctrl-C.');
    await Promise.race([stopSignal(), failing(worker), failing(alerts)]);
    return exitCodes.success;
  } finally {
    await closing.closeAll();
  }
}

/** Rejects when a worker fails; never resolves. */
async function failing({ ended }: Pick<RunningWorker, 'ended'>): Promise<never> {
  const reason = await ended;
  if (reason.kind === 'failed') throw reason.error;
  return new Promise(() => {});
}

/** Loads the newest days first, so that there is something to see soon, then all others and what customers did. */
async function load(world: World, end: number, target: LoadTarget, terminal: Terminal): Promise<void> {
  const since = new Date(end - recentDays * dayMs).toISOString();
  const recent = world.feedback.filter(({ occurredAt }) => occurredAt >= since);
  const older = world.feedback.filter(({ occurredAt }) => occurredAt < since);
  let shown = 0;
  let fault: unknown;
  const watch = await watchRecords(
    target.database,
    (record) => {
      shown++;
      if (shown <= recordsShown) terminal.output.write(`${describe(record)}\n`);
    },
    (error) => {
      fault = error;
    },
  );
  try {
    await loadAll(target, { feedback: recent, events: [] }, progressOf('the last days', terminal));
    if (fault !== undefined) throw fault;
  } finally {
    await watch.close();
  }
  await showPainPoints(target.database, 3, terminal);
  const rest = { feedback: older, events: [...world.events()] };
  await loadAll(target, rest, progressOf('the months before', terminal));
}

function progressOf(what: string, { output }: Terminal): (done: number, total: number) => Promise<void> {
  const isTerminal = 'isTTY' in output && output.isTTY === true;
  let told = 0;
  return async (done, total) => {
    const tenth = Math.floor((10 * done) / total);
    if (!isTerminal && tenth <= told) return;
    told = tenth;
    const line = `${what}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')} messages`;
    await write(output, isTerminal ? `\r${line}${done === total ? '\n' : ''}` : `${line}\n`);
  };
}

async function showPainPoints(database: Database, limit: number, terminal: Terminal): Promise<void> {
  const now = Date.now();
  const since = new Date(now - recentDays * dayMs);
  const asked = { tenant, since, until: new Date(now), stance: 'criticism', sort: 'volume', limit } as const;
  const report = await queryVoices(database, asked);
  const table = voiceTable(report, columnsOf(terminal), usualZone);
  await writeTable(terminal, `\nPain points of the last ${recentDays} days\n${table}\n`);
}

/** Waits until everything up to a time has been evaluated for alerts. */
async function untilEvaluated({ alertProgress }: Database, end: number): Promise<void> {
  const deadline = Date.now() + alertDeadlineMs;
  const settled = {
    _id: tenant,
    through: { $gte: end - alertDelayMs },
    changed: { $exists: false },
    claimed: { $exists: false },
  };
  while ((await alertProgress.findOne(settled)) === null) {
    if (Date.now() > deadline) throw new Error(`no alerts are evaluated after ${alertDeadlineMs / 1000} s`);
    await sleep(250);
  }
}

const colours = { positive: 'green', negative: 'red', mixed: 'yellow', neutral: 'gray' } as const satisfies Record<
  Sentiment,
  Parameters<typeof styleText>[0]
>;
const signs = { positive: '+', negative: '−', neutral: '' } as const;

function describe(record: EnrichedRecord): string {
  const label = record.sentiment?.label;
  const topics = record.topics.map(({ id, polarity }) => `${id}${signs[polarity]}`).join(' ');
  const text = [...printable(record.text.replaceAll(/\s+/g, ' '))];
  const shortened = text.length > 40 ? `${text.slice(0, 39).join('')}…` : text.join('');
  const word = (label ?? record.status).padEnd(9);
  const coloured = label !== undefined && process.stdout.isTTY ? styleText(colours[label], word) : word;
  return `${record.channel.padEnd(7)}${coloured}${shortened}  ${topics}`;
}

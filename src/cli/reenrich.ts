import { createTopics } from '../app/create-topics.ts';
import { exitCodes, UsageError } from '../app/exit-code.ts';
import { openAnalyzer } from '../app/open-analyzer.ts';
import { createRecordPublisher, openRecordPublisher } from '../app/record-publisher.ts';
import { type ReenrichProgress, reenrich as reenrichRecords } from '../app/reenrich.ts';
import { openServers } from '../app/servers.ts';
import { readSettings } from '../config/settings.ts';
import type { Channel } from '../domain/labels.ts';
import { topicNames } from '../domain/topics.ts';
import { connectKafka } from '../kafka/connection.ts';
import { createProducer } from '../kafka/producer.ts';
import { Closing } from '../runtime/closing.ts';
import { openDatabase, openPreparedDatabase } from '../store/database.ts';
import { createLogger } from '../telemetry/logger.ts';
import { labelReportText } from './label-report.ts';
import { parseTime } from './period.ts';
import { printable } from './printable.ts';
import { progressLine } from './progress-line.ts';
import { stopRequest } from './stop-signal.ts';
import { type Terminal, write } from './terminal.ts';

/** Options of `koe reenrich`. */
export interface ReenrichOptions {
  readonly tenant?: string;
  readonly channel?: Channel;
  readonly since?: string;
  readonly until?: string;
  /** IANA time zone of dates; the usual one when absent. */
  readonly tz?: string;
  readonly modelOtherThanCurrent: boolean;
  readonly apply: boolean;
  /** Key of the last record that is done: `TENANT/ID`. */
  readonly after?: string;
  readonly limit?: number;
  /** Records a second. */
  readonly rate?: number;
  readonly json: boolean;
}

/**
 * Analyses stored records with the current versions and reports how their labels change; writes and publishes them
 * only with `apply`. Progress and where to go on after an interruption are written to standard error.
 *
 * @returns the exit code: 1 when it was interrupted
 */
export async function reenrich(options: ReenrichOptions, terminal: Terminal): Promise<number> {
  const settings = readSettings(terminal.environment);
  const now = Date.now();
  const { tz: zone } = options;
  const since = options.since === undefined ? undefined : parseTime(options.since, now, { zone, option: '--since' });
  const until = options.until === undefined ? undefined : parseTime(options.until, now, { zone, option: '--until' });
  if (since !== undefined && until !== undefined && since >= until) {
    throw new UsageError('--since must be before --until');
  }
  const closing = new Closing();
  let progress: ReenrichProgress | undefined;
  try {
    const logger = createLogger({ level: 'warn', name: 'koe-reenrich' });
    const needs = { kafka: options.apply, mongo: true };
    const servers = closing.add(await openServers(settings, needs), (opened) => opened.close());
    const topics = topicNames(settings.KOE_TOPIC_PREFIX);
    const connection = connectKafka(servers.kafka, logger);
    if (options.apply) await createTopics(connection, topics, settings);
    const database = closing.add(
      await (options.apply ? openDatabase : openPreparedDatabase)(servers.database),
      (opened) => opened.close(),
    );
    const producer = closing.add(createProducer(connection), (opened) => opened.close());
    const publisher = options.apply
      ? await openRecordPublisher(settings, producer, topics, logger)
      : createRecordPublisher(producer, topics.enriched);
    const analyzer = closing.add(await openAnalyzer(settings), (opened) => opened.close());
    const modelOtherThan = options.modelOtherThanCurrent ? analyzer.versions.model : undefined;
    const { tenant, channel, apply, after, limit, rate: perSecond } = options;
    const filter = { tenant, channel, since, until, modelOtherThan };
    const report = progressLine(terminal);
    for await (const step of reenrichRecords(
      { filter, apply, after, limit, perSecond, signal: stopRequest() },
      { settings, database, analyzer, publisher, logger },
    )) {
      progress = step;
      for (const key of step.failed)
        await write(terminal.errors, `${printable(key)}: cannot be analysed, left as it is\n`);
      await report(step.report.records);
    }
    return progress?.finished === true ? exitCodes.success : exitCodes.failure;
  } finally {
    if (progress !== undefined) await conclude(progress, options, { since, until }, terminal);
    await closing.closeAll();
  }
}

async function conclude(
  { report, written, overtaken, after, finished }: ReenrichProgress,
  options: ReenrichOptions,
  { since, until }: { since: Date | undefined; until: Date | undefined },
  terminal: Terminal,
): Promise<void> {
  await write(terminal.output, options.json ? `${JSON.stringify(report)}\n` : labelReportText(report));
  const others = overtaken > 0 ? `, ${overtaken} replaced by others meanwhile` : '';
  const what = options.apply ? `${written} records written${others}` : 'Nothing is written without --apply';
  await write(terminal.errors, `${what}.\n`);
  if (after === undefined || (finished && options.limit === undefined)) return;
  const { tenant, channel, modelOtherThanCurrent, apply, rate } = options;
  const given = [
    ...(tenant === undefined ? [] : ['--tenant', tenant]),
    ...(channel === undefined ? [] : ['--channel', channel]),
    ...(since === undefined ? [] : ['--since', since.toISOString()]),
    ...(until === undefined ? [] : ['--until', until.toISOString()]),
    ...(modelOtherThanCurrent ? ['--model-other-than-current'] : []),
    ...(rate === undefined ? [] : ['--rate', String(rate)]),
    ...(apply ? ['--apply'] : []),
    '--after',
    `'${after.replaceAll("'", "'\\''")}'`,
  ];
  await write(terminal.errors, `to go on: koe reenrich ${given.join(' ')}\n`);
}

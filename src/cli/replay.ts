import { createTopics } from '../app/create-topics.ts';
import { customerNames } from '../app/customer-names.ts';
import { exitCodes, UsageError } from '../app/exit-code.ts';
import { openPipeline } from '../app/open-pipeline.ts';
import { type Refusal, type ReplayProgress, replay as replayRange } from '../app/replay.ts';
import { openServers } from '../app/servers.ts';
import { readSettings } from '../config/settings.ts';
import { inputTopics, topicNames } from '../domain/topics.ts';
import { connectKafka } from '../kafka/connection.ts';
import { createProducer } from '../kafka/producer.ts';
import type { RangeBound } from '../kafka/read-range.ts';
import { Closing } from '../runtime/closing.ts';
import { openDatabase } from '../store/database.ts';
import { createLogger } from '../telemetry/logger.ts';
import { parseTime, type TimeOptions } from './period.ts';
import { printable } from './printable.ts';
import { progressLine } from './progress-line.ts';
import { stopRequest } from './stop-signal.ts';
import { type Terminal, write } from './terminal.ts';

/** Options of `koe replay`. */
export interface ReplayOptions {
  readonly topic: string;
  /** A time, or `PARTITION:OFFSET,...`. */
  readonly from: string;
  readonly to?: string;
  /** IANA time zone of dates; the usual one when absent. */
  readonly tz?: string;
  /** Messages a second. */
  readonly rate?: number;
}

/**
 * Enriches a range of a topic again. Progress, refused messages and where to go on after an interruption are written to
 * standard error, the counts at the end to standard output.
 *
 * @returns the exit code: 1 when it was interrupted
 */
export async function replay(options: ReplayOptions, terminal: Terminal): Promise<number> {
  const settings = readSettings(terminal.environment);
  const topics = topicNames(settings.KOE_TOPIC_PREFIX);
  const { topic, rate: perSecond, tz: zone } = options;
  if (!inputTopics(topics).includes(topic)) {
    throw new UsageError(`${topic} carries nothing that is enriched; replay one of ${inputTopics(topics).join(', ')}`);
  }
  const now = Date.now();
  const from = parseBound(options.from, now, { zone, option: '--from' });
  const to = options.to === undefined ? undefined : parseBound(options.to, now, { zone, option: '--to' });
  const closing = new Closing();
  let progress: ReplayProgress | undefined;
  try {
    const logger = createLogger({ level: 'warn', name: 'koe-replay' });
    const servers = closing.add(await openServers(settings), (opened) => opened.close());
    const connection = connectKafka(servers.kafka, logger);
    await createTopics(connection, topics, settings);
    const database = closing.add(await openDatabase(servers.database), (opened) => opened.close());
    const producer = closing.add(createProducer(connection), (opened) => opened.close());
    const pseudonymize = customerNames(settings);
    const observer = { stepTook() {}, fieldsIgnored() {}, saved() {} };
    const handle = await openPipeline(settings, {
      topics,
      database,
      producer,
      pseudonymize,
      observer,
      logger,
      closing,
    });
    const report = progressLine(terminal);
    const signal = stopRequest();
    for await (const step of replayRange(
      { topic, from, to, perSecond, signal },
      { settings, connection, handle, logger },
    )) {
      progress = step.progress;
      for (const refusal of step.refusals) await write(terminal.errors, describe(refusal));
      await report(progress.passed, progress.total);
    }
    return (progress?.rest.size ?? 0) === 0 ? exitCodes.success : exitCodes.failure;
  } finally {
    if (progress !== undefined) await conclude(progress, options, to, terminal);
    await closing.closeAll();
  }
}

/**
 * One end of a range as a person gives it: a time, or offsets such as `0:120,1:88`.
 *
 * @param now milliseconds since 1970 that ages count back from
 * @throws UsageError that says what is accepted
 */
export function parseBound(text: string, now: number, reading: TimeOptions = {}): RangeBound {
  if (!/^\d{1,9}:\d{1,18}(,\d{1,9}:\d{1,18})*$/.test(text)) return parseTime(text, now, reading).getTime();
  return new Map(
    text.split(',').map((place) => {
      const [partition = '', offset = ''] = place.split(':');
      return [Number(partition), BigInt(offset)];
    }),
  );
}

function formatBound(bound: RangeBound): string {
  if (typeof bound === 'number') return new Date(bound).toISOString();
  return [...bound].map(([partition, offset]) => `${partition}:${offset}`).join(',');
}

async function conclude(
  { enriched, dropped, refused, rest }: ReplayProgress,
  { topic, rate }: ReplayOptions,
  to: RangeBound | undefined,
  terminal: Terminal,
): Promise<void> {
  const reasons = Object.entries(dropped).map(([reason, count]) => `, ${count} left out (${reason})`);
  await write(terminal.output, `${enriched} enriched${reasons.join('')}, ${refused} refused\n`);
  if (rest.size === 0) return;
  const end = to === undefined ? '' : ` --to ${formatBound(to)}`;
  const pace = rate === undefined ? '' : ` --rate ${rate}`;
  await write(terminal.errors, `to go on: koe replay --topic ${topic} --from ${formatBound(rest)}${end}${pace}\n`);
}

function describe({ message: { topic, partition, offset }, rejection }: Refusal): string {
  return `${topic} ${partition}:${offset} ${rejection.code}: ${printable(rejection.detail)}\n`;
}

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import { startEnrichApp } from '../app/enrich-app.ts';
import { exitCodes } from '../app/exit-code.ts';
import { openServers } from '../app/servers.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import type { Feedback } from '../domain/feedback.ts';
import type { Sentiment } from '../domain/labels.ts';
import type { EnrichedRecord } from '../domain/record.ts';
import { inputTopics, topicNames } from '../domain/topics.ts';
import { connectKafka, type KafkaConnection } from '../kafka/connection.ts';
import { createFeedbackProducer } from '../kafka/feedback-producer.ts';
import { fetchLag } from '../kafka/lag.ts';
import { createProducer } from '../kafka/producer.ts';
import { Closing } from '../runtime/closing.ts';
import { packageRoot } from '../runtime/package-root.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { countStaleRollups } from '../store/rollups.ts';
import { queryVoices } from '../store/voice-query.ts';
import { watchRecords } from '../store/watch-records.ts';
import { createLogger } from '../telemetry/logger.ts';
import { usualZone } from './feedback-options.ts';
import { lineBatches } from './line-batches.ts';
import { printable } from './printable.ts';
import { IgnoredFields, readFeedbackLine } from './read-feedback.ts';
import { stopSignal } from './stop-signal.ts';
import { columnsOf, type Terminal, write } from './terminal.ts';
import { voiceTable } from './voice-table.ts';

const sample = 'docs/sample/feedback.jsonl';
const tenant = 'demo';
const days = 14;
const deadlineMs = 180_000;

/**
 * Shows the main job with nothing installed: servers, an enrich worker, sample feedback through Kafka, the records as
 * MongoDB takes them, and the pain points at the end. Stays up until Ctrl-C unless `once`.
 */
export async function demo(options: { once: boolean }, terminal: Terminal): Promise<number> {
  const settings: Settings = { ...readSettings(terminal.environment), KOE_HTTP_PORT: 0 };
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
    const ended = worker.ended.then((reason) => {
      if (reason.kind === 'failed') throw reason.error;
    });
    await Promise.race([enrichSample(settings, connection, database, terminal), ended]);
    const now = new Date();
    const since = new Date(now.getTime() - (days / 2) * 86_400_000);
    const asked = { tenant, since, until: now, stance: 'criticism', sort: 'volume', limit: 10 } as const;
    const report = await queryVoices(database, asked);
    await say(`\nPain points of the last ${days / 2} days\n${voiceTable(report, columnsOf(terminal), usualZone)}`);
    if (options.once) return exitCodes.success;
    await say('Running until Ctrl-C. In another terminal:');
    await say('  npm run -s koe -- pain-points --tenant demo --since 14d --channel chat');
    await say('  npm run -s koe -- send docs/sample/feedback.jsonl');
    await Promise.race([stopSignal(), ended]);
    return exitCodes.success;
  } finally {
    await closing.closeAll();
  }
}

/** Sends the sample and shows its records until all of them are stored and counted. */
async function enrichSample(
  settings: Settings,
  connection: KafkaConnection,
  database: Database,
  terminal: Terminal,
): Promise<void> {
  const feedback = await readSample(settings, Date.now());
  let shown = 0;
  let fault: unknown;
  const watch = await watchRecords(
    database,
    (record) => {
      shown++;
      terminal.output.write(`${describe(record)}\n`);
    },
    (error) => {
      fault = error;
    },
  );
  const topics = topicNames(settings.KOE_TOPIC_PREFIX);
  const producer = createProducer(connection);
  try {
    await createFeedbackProducer(producer, topics).send(feedback);
    const wanted = feedback.filter(({ conversation }) => (conversation?.author ?? 'customer') === 'customer').length;
    const isDone = async () => {
      const lags = await fetchLag(connection, settings.KOE_GROUP_ID, inputTopics(topics));
      return lags.every(({ lag }) => lag === 0) && (await countStaleRollups(database)) === 0 && shown >= wanted;
    };
    const deadline = Date.now() + deadlineMs;
    while (!(await isDone())) {
      if (fault !== undefined) throw fault;
      if (Date.now() > deadline) throw new Error(`only ${shown} of ${wanted} records in ${deadlineMs / 1000} s`);
      await sleep(250);
    }
  } finally {
    await watch.close();
    await producer.close();
  }
}

/** The sample with its times moved so that the newest is of this minute. */
async function readSample(settings: Settings, now: number): Promise<Feedback[]> {
  const feedback: Feedback[] = [];
  const input = createReadStream(join(packageRoot(), sample));
  for await (const lines of lineBatches(input, 500, settings.KOE_MAX_MESSAGE_BYTES)) {
    for (const line of lines) {
      const outcome = readFeedbackLine(line, settings, new IgnoredFields());
      if (outcome.kind !== 'ok') throw new Error(`${sample}:${line.number} is not feedback`);
      feedback.push(outcome.value);
    }
  }
  const newest = Math.max(...feedback.map(({ occurredAt }) => Date.parse(occurredAt)));
  return feedback.map((piece) => ({
    ...piece,
    occurredAt: new Date(Date.parse(piece.occurredAt) + now - newest).toISOString(),
  }));
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

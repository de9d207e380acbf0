import type { ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createTopics } from '../app/create-topics.ts';
import { exitCodes, UsageError } from '../app/exit-code.ts';
import { openTracingOf } from '../app/open-tracing.ts';
import { openServers } from '../app/servers.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import type { Feedback } from '../domain/feedback.ts';
import { andThen } from '../domain/outcome.ts';
import { topicNames } from '../domain/topics.ts';
import { connectKafka } from '../kafka/connection.ts';
import { createFeedbackProducer, type FeedbackProducer } from '../kafka/feedback-producer.ts';
import { createProducer } from '../kafka/producer.ts';
import { Closing } from '../runtime/closing.ts';
import { createLogger } from '../telemetry/logger.ts';
import { type Line, lineBatches } from './line-batches.ts';
import { describeRefusal, guardFeedback, IgnoredFields, readFeedbackLine } from './read-feedback.ts';
import { type Terminal, write } from './terminal.ts';
import { unzipped } from './unzipped.ts';

const linesPerBatch = 500;

/**
 * Puts feedback from JSON lines into Kafka, each line checked as a worker would check it. Lines that a worker would
 * refuse are named on standard error and not sent; what a worker would leave out (an agent's turn) is sent.
 *
 * @param source a file, or `-` for standard input; either may be compressed with gzip
 * @returns the exit code: 65 when a line was refused
 */
export async function send(source: string, terminal: Terminal): Promise<number> {
  const settings = readSettings(terminal.environment);
  const closing = new Closing();
  try {
    const input = source === '-' ? terminal.input : await openFile(source);
    const producer = await openProducer(settings, closing);
    const ignored = new IgnoredFields();
    let sent = 0;
    let refused = 0;
    for await (const lines of lineBatches(unzipped(input), linesPerBatch, settings.KOE_MAX_MESSAGE_BYTES)) {
      const accepted = await acceptedOf(lines, settings, ignored, terminal);
      try {
        await producer.send(accepted);
      } catch (error) {
        const unsure = `from line ${lines[0]?.number} on it is not sure; send all of it again: a duplicate changes nothing`;
        await write(terminal.errors, `${sent} sent and acknowledged, ${unsure}\n`);
        throw error;
      }
      sent += accepted.length;
      refused += lines.filter(({ bytes }) => bytes.length > 0).length - accepted.length;
    }
    await write(terminal.errors, `${ignored.summary()}${sent} sent, ${refused} refused\n`);
    return refused > 0 ? exitCodes.badData : exitCodes.success;
  } finally {
    await closing.closeAll();
  }
}

async function openFile(path: string): Promise<ReadStream> {
  const file = await open(path).catch((cause: unknown) => {
    throw new UsageError(`cannot read ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  });
  if (!(await file.stat()).isDirectory()) return file.createReadStream();
  await file.close();
  throw new UsageError(`cannot read ${path}: it is a folder`);
}

async function openProducer(settings: Settings, closing: Closing): Promise<FeedbackProducer> {
  const logger = createLogger({ level: 'warn', name: 'koe-send' });
  const servers = closing.add(await openServers(settings, { kafka: true, mongo: false }), (opened) => opened.close());
  const { tracer } = closing.add(await openTracingOf(settings, 'koe-send', logger), (tracing) => tracing.close());
  const connection = connectKafka(servers.kafka, logger);
  const topics = topicNames(settings.KOE_TOPIC_PREFIX);
  await createTopics(connection, topics, settings);
  const producer = closing.add(createProducer(connection, { tracer }), (opened) => opened.close());
  return createFeedbackProducer(producer, topics, tracer);
}

async function acceptedOf(
  lines: readonly Line[],
  settings: Settings,
  ignored: IgnoredFields,
  terminal: Terminal,
): Promise<Feedback[]> {
  const accepted: Feedback[] = [];
  for (const line of lines) {
    if (line.bytes.length === 0) continue;
    const read = readFeedbackLine(line, settings, ignored);
    const outcome = andThen(read, (feedback) => guardFeedback(feedback, settings));
    if (read.kind === 'ok' && outcome.kind !== 'dead-letter') accepted.push(read.value);
    else if (outcome.kind !== 'ok') await write(terminal.errors, describeRefusal(line, outcome));
  }
  return accepted;
}

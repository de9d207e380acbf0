import { exitCodes } from '../app/exit-code.ts';
import { openFeedbackProducer } from '../app/open-feedback-producer.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import type { Feedback } from '../domain/feedback.ts';
import { andThen } from '../domain/outcome.ts';
import { Closing } from '../runtime/closing.ts';
import { openInput } from './input-file.ts';
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
    const input = source === '-' ? terminal.input : (await openInput(source)).stream();
    const producer = await openFeedbackProducer(settings, 'koe-send', closing);
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

import { exitCodes, UsageError } from '../app/exit-code.ts';
import { openServers } from '../app/servers.ts';
import {
  dropLetters,
  openLetters,
  redrivable,
  redriveLetters,
  type SettledLetters,
  type SettlingParts,
} from '../app/settle-dead-letters.ts';
import { shownLetter } from '../app/shown-letter.ts';
import { readSettings } from '../config/settings.ts';
import type { RejectCode } from '../domain/reject-code.ts';
import type { ShownLetter } from '../domain/shown-letter.ts';
import { topicNames } from '../domain/topics.ts';
import { connectKafka } from '../kafka/connection.ts';
import {
  type DeadLetter,
  type DeadLetterFilter,
  type LetterPlace,
  readDeadLetters,
} from '../kafka/dead-letter-reader.ts';
import { createProducer } from '../kafka/producer.ts';
import { Closing } from '../runtime/closing.ts';
import { openPreparedDatabase } from '../store/database.ts';
import { createDeadLetterDecisions, deadLetterKey } from '../store/dead-letters.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createMasker } from '../text/personal-data/masker.ts';
import { loadPersonNames } from '../text/personal-data/person-names.ts';
import { writeTable } from './colour.ts';
import { letterTable, letterText } from './letter-table.ts';
import { operator } from './operator.ts';
import { parseTime } from './period.ts';
import { printable } from './printable.ts';
import { stopRequest } from './stop-signal.ts';
import { columnsOf, type Terminal, write } from './terminal.ts';

/** Which dead letters a command is about. */
export interface LetterSelection {
  readonly code?: RejectCode;
  readonly since?: string;
  readonly until?: string;
  /** The topic they were rejected from. */
  readonly topic?: string;
  readonly limit?: number;
  /** IANA time zone of dates; the usual one when absent. */
  readonly tz?: string;
}

/** Prints dead letters that nobody has decided about, or all of them, as a table or as JSON lines. */
export async function listLetters(
  options: LetterSelection & { readonly limit: number; readonly all: boolean; readonly json: boolean },
  terminal: Terminal,
): Promise<number> {
  return await withLetters(terminal, async ({ pages, decisions }) => {
    const masker = createMasker(await loadPersonNames());
    const shown: ShownLetter[] = [];
    let more = false;
    for await (const letters of pages(filterOf(options))) {
      const decided = await decisions.find(letters.map(({ message }) => deadLetterKey(message)));
      for (const letter of letters) {
        const decision = decided.get(deadLetterKey(letter.message));
        if (!options.all && decision !== undefined && decision.status !== 'redriving') continue;
        more = shown.length === options.limit;
        if (more) break;
        shown.push(shownLetter(letter, decision, masker));
      }
      if (more) break;
    }
    if (options.json)
      for (const letter of shown) await write(terminal.output, `${printable(JSON.stringify(letter))}\n`);
    else await writeTable(terminal, letterTable(shown, columnsOf(terminal)));
    if (more) await write(terminal.errors, `there are more than ${options.limit}; see --limit\n`);
    return exitCodes.success;
  });
}

/** Prints one dead letter: its headers, what was decided, and its value, masked or byte for byte. */
export async function showLetter(
  place: LetterPlace,
  options: { readonly raw: boolean; readonly json: boolean },
  terminal: Terminal,
): Promise<number> {
  return await withLetters(terminal, async ({ pages, decisions, topics }) => {
    const masker = createMasker(await loadPersonNames());
    for await (const [letter] of pages({ places: [place] })) {
      if (letter === undefined) continue;
      const key = deadLetterKey(letter.message);
      const shown = shownLetter(letter, (await decisions.find([key])).get(key), masker);
      if (options.raw) await writeBytes(letter, terminal);
      else if (options.json) await write(terminal.output, `${printable(JSON.stringify(shown))}\n`);
      else await write(terminal.output, letterText(shown));
      return exitCodes.success;
    }
    throw new UsageError(`${topics.deadLetters} holds no dead letter at ${place.partition}:${place.offset}`);
  });
}

/**
 * Puts dead letters back to the topics they were rejected from, each once.
 *
 * @returns the exit code: 65 when a letter cannot go back
 */
export async function redrive(
  places: readonly LetterPlace[],
  options: LetterSelection & { readonly dryRun: boolean },
  terminal: Terminal,
): Promise<number> {
  return await settle(places, options, terminal, 'redriven', (letters, access) =>
    options.dryRun ? redrivable(letters, access.topics) : redriveLetters(letters, access),
  );
}

/** Marks dead letters as settled without sending them anywhere; says which by at least one filter. */
export async function drop(
  places: readonly LetterPlace[],
  options: LetterSelection & { readonly dryRun: boolean },
  terminal: Terminal,
): Promise<number> {
  const { code, since, until, topic } = options;
  if (places.length === 0 && [code, since, until, topic].every((given) => given === undefined)) {
    throw new UsageError('say which dead letters to drop: by PARTITION:OFFSET, --code, --topic, --since or --until');
  }
  return await settle(places, options, terminal, 'dropped', (letters, access) =>
    options.dryRun ? { settled: letters, taken: [], refused: [] } : dropLetters(letters, access),
  );
}

interface LetterAccess extends SettlingParts {
  pages(filter: DeadLetterFilter): AsyncGenerator<DeadLetter[]>;
}

async function withLetters(terminal: Terminal, use: (access: LetterAccess) => Promise<number>): Promise<number> {
  const settings = readSettings(terminal.environment);
  const closing = new Closing();
  try {
    const servers = closing.add(await openServers(settings), (opened) => opened.close());
    const kafka = connectKafka(servers.kafka, createLogger({ level: 'warn', name: 'koe-dlq' }));
    const database = closing.add(await openPreparedDatabase(servers.database), (opened) => opened.close());
    const decisions = createDeadLetterDecisions(database, { by: operator() });
    const producer = closing.add(createProducer(kafka), (opened) => opened.close());
    const topics = topicNames(settings.KOE_TOPIC_PREFIX);
    const pages = (filter: DeadLetterFilter) => readDeadLetters(kafka, topics.deadLetters, filter);
    return await use({ decisions, producer, topics, pages });
  } finally {
    await closing.closeAll();
  }
}

async function settle(
  places: readonly LetterPlace[],
  options: LetterSelection & { readonly dryRun: boolean },
  terminal: Terminal,
  verb: 'redriven' | 'dropped',
  act: (letters: readonly DeadLetter[], access: LetterAccess) => SettledLetters | Promise<SettledLetters>,
): Promise<number> {
  return await withLetters(terminal, async (access) => {
    const filter = { ...filterOf(options), ...(places.length > 0 && { places }) };
    const limit = options.limit ?? Number.POSITIVE_INFINITY;
    const stopping = stopRequest();
    let done = 0;
    let taken = 0;
    let refused = 0;
    for await (const letters of access.pages(filter)) {
      if (stopping.aborted) break;
      const open = (await openLetters(letters, access.decisions)).slice(0, limit - done);
      if (open.length === 0) continue;
      const result = await act(open, access);
      done += result.settled.length;
      taken += result.taken.length;
      refused += result.refused.length;
      for (const letter of result.refused) await write(terminal.errors, refusal(letter));
      if (done >= limit) break;
    }
    const others = taken > 0 ? `, ${taken} in other hands` : '';
    const not = refused > 0 ? `, ${refused} cannot go back` : '';
    await write(terminal.output, `${done} ${options.dryRun ? `would be ${verb}` : verb}${others}${not}\n`);
    return refused > 0 ? exitCodes.badData : exitCodes.success;
  });
}

function refusal({ message, sourceTopic }: DeadLetter): string {
  const letter = `${message.partition}:${message.offset}`;
  return `${letter}: cannot go back to ${sourceTopic ?? 'a topic that no header names'}: it is no feedback topic, or takes no message of this size\n`;
}

function filterOf({ code, since, until, topic, tz: zone }: LetterSelection): DeadLetterFilter {
  const now = Date.now();
  return {
    code,
    sourceTopic: topic,
    since: since === undefined ? undefined : parseTime(since, now, { zone, option: '--since' }).getTime(),
    until: until === undefined ? undefined : parseTime(until, now, { zone, option: '--until' }).getTime(),
  };
}

async function writeBytes({ message: { value } }: DeadLetter, { output }: Terminal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    output.write(value ?? Buffer.alloc(0), (error) => (error ? reject(error) : resolve()));
  });
}

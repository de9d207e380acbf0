import Table from 'cli-table3';
import type { DeadLetter } from '../kafka/dead-letter-reader.ts';
import type { DeadLetterDecision } from '../store/dead-letters.ts';
import type { Masker } from '../text/personal-data/masker.ts';
import { previewOf } from './letter-preview.ts';
import { printable } from './printable.ts';

/** A dead letter as operators see it; nothing in it is a customer's unmasked word. */
export interface ShownLetter {
  /** `PARTITION:OFFSET` in the topic of dead letters. */
  readonly letter: string;
  /** When it was rejected, RFC 3339. */
  readonly at: string;
  readonly status: 'waiting' | 'redriving' | 'interrupted' | 'redriven' | 'dropped';
  /** Who decided, and when. */
  readonly by?: string;
  readonly decidedAt?: string;
  readonly code?: string;
  readonly step?: string;
  readonly detail?: string;
  /** `TOPIC/PARTITION/OFFSET` it was rejected from. */
  readonly source?: string;
  readonly redriveCount: number;
  readonly keyBytes: number;
  readonly valueBytes: number;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly preview: string;
}

/** Makes a dead letter fit to be shown. */
export function shownLetter(letter: DeadLetter, decision: DeadLetterDecision | undefined, masker: Masker): ShownLetter {
  const { message, code, step, detail, sourceTopic } = letter;
  return {
    letter: `${message.partition}:${message.offset}`,
    at: new Date(message.timestamp).toISOString(),
    status: decision === undefined ? 'waiting' : decision.interrupted ? 'interrupted' : decision.status,
    ...(decision && { by: decision.by, decidedAt: decision.at.toISOString() }),
    ...(code !== undefined && { code: printable(code) }),
    ...(step !== undefined && { step: printable(step) }),
    ...(detail !== undefined && { detail: headerText(detail, masker) }),
    ...(sourceTopic !== undefined && {
      source: printable(`${sourceTopic}/${letter.sourcePartition ?? '?'}/${letter.sourceOffset ?? '?'}`),
    }),
    redriveCount: letter.redriveCount,
    keyBytes: message.key?.length ?? 0,
    valueBytes: message.value?.length ?? 0,
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, values]) => [
        printable(name),
        values.map((value) => headerText(value.toString(), masker)),
      ]),
    ),
    preview: previewOf(message.value, masker),
  };
}

/** Width of the table without the details, in columns. */
const columnsBeforeDetail = 122;
const shortestDetail = 30;

/** Dead letters as a table for a terminal of so many columns. */
export function letterTable(letters: readonly ShownLetter[], columns: number): string {
  if (letters.length === 0) return 'No dead letters.\n';
  const room = Math.max(shortestDetail, columns - columnsBeforeDetail);
  const table = new Table({
    head: ['letter', 'rejected at', 'code', 'from', 'redrives', 'status', 'detail'],
    colAligns: ['left', 'left', 'left', 'left', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { letter, at, code = '?', source = '?', redriveCount, status, by, detail = '' } of letters) {
    const who = by === undefined ? status : `${status} by ${by}`;
    table.push([letter, at, code, source, redriveCount, who, shortened(detail, room)]);
  }
  return `${table.toString()}\n`;
}

/** One dead letter in full: a line a fact, then the preview of its value. */
export function letterText(shown: ShownLetter): string {
  const { letter, at, status, by, decidedAt, code = '?', step = '?', detail = '', source = '?' } = shown;
  const facts = [
    ['letter', letter],
    ['rejected at', at],
    ['code', code],
    ['step', step],
    ['detail', detail],
    ['from', source],
    ['redrives', String(shown.redriveCount)],
    ['status', by === undefined ? status : `${status} by ${by} at ${decidedAt}`],
    ['key', `${shown.keyBytes} bytes`],
    ...Object.entries(shown.headers).flatMap(([name, values]) => values.map((value) => [`header ${name}`, value])),
  ];
  const lines = facts.map(([name = '', value]) => `${name.padEnd(14)} ${value}`);
  return `${lines.join('\n')}\n\n${shown.preview}\n`;
}

function headerText(text: string, masker: Masker): string {
  return printable(masker.mask(text.slice(0, 2_000).toWellFormed()).text).replaceAll(/[\n\t]/g, ' ');
}

function shortened(text: string, room: number): string {
  const characters = [...text];
  return characters.length > room ? `${characters.slice(0, room - 1).join('')}…` : text;
}

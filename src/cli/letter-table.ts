import Table from 'cli-table3';
import type { ShownLetter } from '../domain/shown-letter.ts';
import { printable } from './printable.ts';

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
    const cells = [letter, at, code, source, redriveCount, who, shortened(detail, room)];
    table.push(cells.map((cell) => (typeof cell === 'string' ? printable(cell) : cell)));
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
  return printable(`${lines.join('\n')}\n\n${shown.preview}\n`);
}

function shortened(text: string, room: number): string {
  const characters = [...text];
  return characters.length > room ? `${characters.slice(0, room - 1).join('')}…` : text;
}

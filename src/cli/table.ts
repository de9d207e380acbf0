import Table from 'cli-table3';
import { printable } from './printable.ts';

/** A column by its heading; numbers go to the right. */
export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
}

/** A row of cells, with a line below that goes over all columns. */
export interface Row {
  readonly cells: readonly (string | number)[];
  readonly below?: string;
}

/** Rows as a table in which a Japanese character takes two columns. */
export function textTable(columns: readonly Column[], rows: readonly Row[]): string {
  const table = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align = 'left' }) => align),
    style: { head: [], border: [], compact: true },
  });
  for (const { cells, below } of rows) {
    table.push(cells.map((cell) => (typeof cell === 'string' ? printable(cell) : cell)));
    if (below !== undefined) table.push([{ colSpan: columns.length, content: below, hAlign: 'left' }]);
  }
  return table.toString();
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** Columns that a text takes in a terminal. Source: Unicode Standard Annex 11, East Asian Width. */
export function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}

/** A text in one line of at most so many columns, safe to show. */
export function oneLine(text: string, columns: number): string {
  const line = printable(text.replaceAll(/\s+/g, ' ')).trim();
  if (widthOf(line) <= columns) return line;
  let shortened = '';
  let width = 1;
  for (const character of line) {
    width += widthOf(character);
    if (width > columns) break;
    shortened += character;
  }
  return `${shortened}…`;
}

/** A share in percent: `42 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** A share in percent with its interval: `42 % (35-49)`. */
export function percentWithin(share: number, [low, high]: readonly [number, number]): string {
  return `${percent(share)} (${Math.round(low * 100)}-${Math.round(high * 100)})`;
}

/** A number with its sign and a digit behind the point: `+3.1`. */
export function signed(value: number, digits = 1): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
}

/** Parts as lines of their own, with a line break at the end. */
export function lines(parts: readonly string[]): string {
  return `${parts.join('\n')}\n`;
}

import { neutralText } from './neutral-text.ts';
import type { Cell } from './table.ts';

/** By which Excel knows UTF-8. */
export const byteOrderMark = '\ufeff';
const quoted = /[",\r\n]/;
/** Rows are put together to pieces of about so many characters. */
const pieceLength = 65_536;

/**
 * Lines of comma-separated values, quoted after RFC 4180, with CRLF line breaks; in UTF-8 with a byte order mark, by
 * which Excel knows the encoding. Times are written as `2026-01-31 09:00:00`, the form that spreadsheets read.
 *
 * @param rows the heading first; times are those of the reader's clock, in UTC fields
 */
export async function* csvBytes(rows: AsyncIterable<readonly Cell[]>): AsyncGenerator<Buffer> {
  let piece = byteOrderMark;
  for await (const cells of rows) {
    piece += csvLine(cells);
    if (piece.length < pieceLength) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  if (piece !== '') yield Buffer.from(piece);
}

/** One line of {@link csvBytes}, with its line break. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString().slice(0, 19).replace('T', ' ');
  if (typeof cell !== 'string') return String(cell);
  const neutral = neutralText(cell);
  return quoted.test(neutral) ? `"${neutral.replaceAll('"', '""')}"` : neutral;
}

import type { SourceRow } from './source-row.ts';

/** A row longer than this is broken: mostly a quote that is not closed. UTF-16 code units. */
const longestRow = 1_048_576;

/** Where a row ended, or why it is broken, or that the text ends before it. */
type Scan =
  | { readonly kind: 'row'; readonly cells: string[]; readonly end: number; readonly lines: number }
  | { readonly kind: 'broken'; readonly problem: string }
  | { readonly kind: 'unfinished' };

/**
 * Rows of delimiter-separated text after RFC 4180, with line breaks of any kind; empty lines are left out. A row whose
 * quoting is broken is told, and reading goes on with the line below the one on which it began: rows that an unclosed
 * quote would have swallowed are not lost. Memory stays bounded by the longest row.
 */
export async function* csvRows(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<SourceRow> {
  let buffer = '';
  let line = 1;
  const take = function* (isEnd: boolean): Generator<SourceRow> {
    let at = 0;
    while (at < buffer.length) {
      const scan = scanRow(buffer, at, delimiter, isEnd);
      if (scan.kind === 'unfinished') break;
      if (scan.kind === 'broken') {
        const end = endOfLine(buffer, at, isEnd);
        if (end === undefined) break;
        yield { number: line, cells: [buffer.slice(at, end.text)], problem: scan.problem };
        at = end.next;
        line++;
      } else {
        if (scan.cells.length > 1 || scan.cells[0] !== '') yield { number: line, cells: scan.cells };
        at = scan.end;
        line += scan.lines;
      }
    }
    buffer = buffer.slice(at);
  };
  for await (const piece of text) {
    buffer += piece;
    yield* take(false);
  }
  yield* take(true);
}

function scanRow(text: string, start: number, delimiter: string, isEnd: boolean): Scan {
  const cells: string[] = [];
  let lines = 1;
  let at = start;
  for (;;) {
    if (text[at] === '"') {
      let cell = '';
      let from = at + 1;
      for (;;) {
        const quote = text.indexOf('"', from);
        if (quote === -1 || quote - start > longestRow) {
          if (!isEnd && text.length - start <= longestRow) return { kind: 'unfinished' };
          return { kind: 'broken', problem: `a quote in column ${cells.length + 1} is not closed` };
        }
        cell += text.slice(from, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        cell += '"';
        from = at + 1;
      }
      if (at === text.length && !isEnd) return { kind: 'unfinished' };
      if (at < text.length && !isBreak(text[at]) && text[at] !== delimiter) {
        return { kind: 'broken', problem: `a quote inside column ${cells.length + 1} is not doubled` };
      }
      lines += countBreaks(cell);
      cells.push(cell);
    } else {
      const end = endOfCell(text, at, delimiter);
      if (end === text.length && !isEnd) {
        if (text.length - start <= longestRow) return { kind: 'unfinished' };
        return { kind: 'broken', problem: `the row is longer than ${longestRow} characters` };
      }
      cells.push(text.slice(at, end));
      at = end;
    }
    if (text[at] === delimiter) {
      at++;
      continue;
    }
    // What follows a carriage return at the end of a piece may be a line feed.
    if (text[at] === '\r' && at + 1 === text.length && !isEnd) return { kind: 'unfinished' };
    return { kind: 'row', cells, end: afterBreak(text, at), lines };
  }
}

function endOfCell(text: string, start: number, delimiter: string): number {
  let at = start;
  while (at < text.length && text[at] !== delimiter && !isBreak(text[at])) at++;
  return at;
}

function endOfLine(text: string, start: number, isEnd: boolean): { text: number; next: number } | undefined {
  let at = start;
  while (at < text.length && !isBreak(text[at])) at++;
  if (at === text.length && !isEnd && at - start <= longestRow) return undefined;
  return { text: at, next: afterBreak(text, at) };
}

function isBreak(character: string | undefined): boolean {
  return character === '\n' || character === '\r';
}

function afterBreak(text: string, at: number): number {
  return text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : Math.min(at + 1, text.length);
}

function countBreaks(cell: string): number {
  return cell.match(/\r\n|\r|\n/g)?.length ?? 0;
}

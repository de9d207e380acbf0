import { comparableName, fieldNamed } from './field.ts';
import { cellText, type SourceCell, type SourceRow } from './source-row.ts';

/** Names of columns, and where they come from. */
export interface Heading {
  readonly columns: readonly string[];
  /** Rows before the first one of data. */
  readonly skipped: number;
  /** For people. */
  readonly told: string;
}

/** A title and a date often stand above the heading. */
const rowsLookedAt = 20;
/** More cells than this are no table. */
const mostColumns = 16_384;

/**
 * Names the columns. The heading is the first of the first rows with two names of fields that are known; else the first
 * row, where it has a known name, or no number although there are some below.
 *
 * @param given whether there is a heading, for whoever knows; then it is the first row
 */
export function readHeading(rows: readonly SourceRow[], given?: boolean): Heading {
  const at = given === undefined ? findHeading(rows) : given ? 0 : -1;
  const row = at < 0 ? undefined : rows[at];
  if (row === undefined) {
    const width = Math.min(
      mostColumns,
      rows.reduce((most, { cells }) => Math.max(most, cells.length), 0),
    );
    const columns = Array.from({ length: width }, (_, column) => `column ${column + 1}`);
    return { columns, skipped: 0, told: 'no heading' };
  }
  return { columns: distinct(row.cells), skipped: at + 1, told: `heading in row ${row.number}` };
}

function findHeading(rows: readonly SourceRow[]): number {
  const named = rows
    .slice(0, rowsLookedAt)
    .findIndex(({ cells, problem }) => problem === undefined && knownIn(cells) >= 2);
  if (named >= 0) return named;
  const [first, ...below] = rows;
  if (first === undefined) return -1;
  if (knownIn(first.cells) > 0) return 0;
  const isNumber = (cell: SourceCell) =>
    typeof cell === 'number' || cell instanceof Date || /^[\d.,/:-]+$/.test(cellText(cell));
  const hasText = first.cells.every((cell) => !isNumber(cell) && cellText(cell).length <= 40);
  return hasText && below.some(({ cells }) => cells.some(isNumber)) ? 0 : -1;
}

function knownIn(cells: readonly SourceCell[]): number {
  const names = cells.map((cell) => cellText(cell)).filter((name) => comparableName(name) !== '');
  return new Set(names.flatMap((name) => (name.length <= 60 ? (fieldNamed(name) ?? []) : []))).size;
}

/** Columns of the same name are numbered, those without one are named by their place. */
function distinct(cells: readonly SourceCell[]): string[] {
  const seen = new Map<string, number>();
  return cells.map((cell, at) => {
    const name = cellText(cell).trim().replaceAll(/\s+/g, ' ') || `column ${at + 1}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

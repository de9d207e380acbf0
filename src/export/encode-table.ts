import { type ZoneClock, zoneClock } from '../domain/zone-clock.ts';
import { csvBytes } from './csv.ts';
import type { Cell, ColumnHead, Table } from './table.ts';
import { xlsxBytes } from './xlsx.ts';

/** What a table can be written as. */
export const tableFormats = ['csv', 'xlsx', 'jsonl'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** Languages of column headings: `en` are the names that stay the same, for machines. */
export const headingLanguages = ['en', 'ja'] as const;
export type HeadingLanguage = (typeof headingLanguages)[number];

/** Media types of the formats (RFC 7111, ECMA-376, application/x-ndjson). */
export const mediaTypes: Readonly<Record<TableFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  jsonl: 'application/x-ndjson',
};

/** How a table is written. */
export interface EncodeOptions {
  readonly format: TableFormat;
  readonly headings: HeadingLanguage;
  /** IANA zone of the times in CSV and XLSX; headings of times name it. */
  readonly timeZone: string;
  /** Name of the sheet in XLSX: at most 31 characters, none of `[]:*?/\`. */
  readonly name: string;
}

/**
 * The bytes of a table, row by row as they are asked for: memory does not grow with the rows. CSV and XLSX hold the
 * columns, JSON lines the whole values.
 *
 * @throws while iterating what reading the rows throws
 */
export function encodeTable({ columns, rows }: Table, options: EncodeOptions): AsyncIterable<Uint8Array> {
  const { format, headings, timeZone, name } = options;
  if (format === 'jsonl') return jsonLines(rows);
  const sheet = columns.map((column) => ({ kind: column.kind, heading: headingOf(column, headings, timeZone) }));
  const cells = localCells(rows, zoneClock(timeZone));
  if (format === 'xlsx') return xlsxBytes(name, sheet, cells);
  return csvBytes(
    withHeading(
      sheet.map(({ heading }) => heading),
      cells,
    ),
  );
}

function headingOf({ key, heading, kind }: ColumnHead, language: HeadingLanguage, timeZone: string): string {
  const name = language === 'en' ? key : heading;
  return kind === 'time' ? `${name} (${timeZone})` : name;
}

async function* localCells(rows: Table['rows'], clock: ZoneClock): AsyncGenerator<readonly Cell[]> {
  for await (const { cells } of rows) yield cells.map((cell) => (cell instanceof Date ? clock.shown(cell) : cell));
}

async function* withHeading(heading: readonly string[], rows: AsyncIterable<readonly Cell[]>) {
  yield heading;
  yield* rows;
}

async function* jsonLines(rows: Table['rows']): AsyncGenerator<Buffer> {
  for await (const { value } of rows) yield Buffer.from(`${JSON.stringify(value)}\n`);
}

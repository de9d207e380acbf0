import { Readable } from 'node:stream';
import { EncryptedFileError, HucreError } from 'hucre';
import { streamXlsxRows } from 'hucre/xlsx';
import { csvRows } from './csv-rows.ts';
import { type Delimiter, detectDelimiter } from './delimiter.ts';
import { decodeText, detectEncoding, type TextEncoding } from './encoding.ts';
import { type Heading, readHeading } from './heading.ts';
import { jsonRows, type NamedRow } from './json-rows.ts';
import type { SourceRow } from './source-row.ts';

/** A file that cannot be read as a table; the message says why. */
export class SourceError extends Error {}

/** What is known of a file before it is read; what is absent is found out. */
export interface SourceOptions {
  readonly encoding?: TextEncoding | undefined;
  readonly delimiter?: Delimiter | undefined;
  /** Whether the columns are named. */
  readonly heading?: boolean | undefined;
  /** Name of a sheet, or its number from 1; the first one when absent. */
  readonly sheet?: string | undefined;
}

/** A file as a table. */
export interface Source {
  /** How it is read, for people: `CSV, Shift_JIS, delimiter ","`. */
  readonly description: string;
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** Whether a row may have fewer cells than there are columns. */
  readonly isRagged: boolean;
  /** The first rows. */
  readonly sample: readonly SourceRow[];
  /** All rows, from the beginning, one by one; throws SourceError. */
  rows(): AsyncGenerator<SourceRow>;
}

const sampleRows = 1000;
const sampleText = 1_048_576;

/** Begins old workbooks (.xls), and new ones with a password ([MS-CFB], section 2.2). */
const compoundFile = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);
const zipFile = Buffer.from('PK\u0003\u0004');

/**
 * Finds out how a file is to be read. It is opened several times, and held in memory never as a whole (but for the
 * shared strings of a workbook, and workbooks whose parts are in an unusual order).
 *
 * @param open the bytes of the file from the beginning
 * @throws SourceError
 */
export async function openSource(open: () => AsyncIterable<Uint8Array>, options: SourceOptions = {}): Promise<Source> {
  const start = await firstPiece(open());
  if (start.length === 0) throw new SourceError('the file is empty');
  if (start.subarray(0, compoundFile.length).equals(compoundFile)) {
    throw new SourceError('the file is an old workbook (.xls) or has a password: save it as .xlsx without one');
  }
  if (start.subarray(0, zipFile.length).equals(zipFile)) return await openWorkbook(open, options);
  const encoding = options.encoding ?? (await detectEncoding(open()));
  if (encoding === undefined) {
    throw new SourceError(
      'the file is in no encoding that is known (UTF-8, UTF-16, Shift_JIS, EUC-JP): give --encoding',
    );
  }
  const text = () => decodeText(open(), encoding);
  const beginning = await firstText(text());
  if (beginning.trimStart().startsWith('{')) return await openJsonLines(text, encoding);
  return await openDelimited(text, encoding, beginning, options);
}

async function openDelimited(
  text: () => AsyncIterable<string>,
  encoding: TextEncoding,
  beginning: string,
  options: SourceOptions,
): Promise<Source> {
  const delimiter = options.delimiter ?? (await detectDelimiter(beginning));
  const read = () => csvRows(text(), delimiter);
  const { columns, skipped, sample, told } = await headed(read, options);
  const shown = delimiter === '\t' ? 'tab' : `"${delimiter}"`;
  return {
    description: `CSV, ${encoding}, delimiter ${shown}, ${told}`,
    columns,
    isRagged: false,
    sample,
    rows: () => after(read(), skipped),
  };
}

async function openWorkbook(open: () => AsyncIterable<Uint8Array>, options: SourceOptions): Promise<Source> {
  const { sheet = '1' } = options;
  const number = /^\d{1,4}$/.test(sheet) ? Number(sheet) - 1 : sheet;
  const read = () => workbookRows(open, number);
  const { columns, skipped, sample, told } = await headed(
    read,
    options,
    `there is no sheet ${sheet}, or nothing is in it`,
  );
  return {
    description: `XLSX, sheet ${sheet}, ${told}`,
    columns,
    isRagged: true,
    sample,
    rows: () => after(read(), skipped),
  };
}

async function* workbookRows(open: () => AsyncIterable<Uint8Array>, sheet: number | string): AsyncGenerator<SourceRow> {
  const bytes = Readable.toWeb(Readable.from(open())) as ReadableStream<Uint8Array>;
  try {
    for await (const { index, values } of streamXlsxRows(bytes, { sheet })) {
      if (values.some((value) => value !== null && value !== '')) yield { number: index + 1, cells: values };
    }
  } catch (error) {
    if (error instanceof EncryptedFileError) throw new SourceError('the workbook has a password', { cause: error });
    if (error instanceof HucreError)
      throw new SourceError(`the workbook cannot be read: ${error.message}`, { cause: error });
    throw error;
  }
}

async function openJsonLines(text: () => AsyncIterable<string>, encoding: TextEncoding): Promise<Source> {
  const named: NamedRow[] = [];
  for await (const row of jsonRows(text())) if (named.push(row) === sampleRows) break;
  const columns = [...new Set(named.flatMap(({ cells, problem }) => (problem === undefined ? [...cells.keys()] : [])))];
  const aligned = ({ cells, ...row }: NamedRow): SourceRow =>
    row.problem === undefined
      ? { ...row, cells: columns.map((column) => cells.get(column) ?? null) }
      : { ...row, cells: [...cells.values()] };
  return {
    description: `JSON lines, ${encoding}`,
    columns,
    isRagged: true,
    sample: named.map(aligned),
    async *rows() {
      for await (const row of jsonRows(text())) yield aligned(row);
    },
  };
}

async function headed(
  read: () => AsyncGenerator<SourceRow>,
  { heading }: SourceOptions,
  nothing = 'the file holds no rows',
): Promise<Heading & { readonly sample: readonly SourceRow[] }> {
  const rows: SourceRow[] = [];
  for await (const row of read()) if (rows.push(row) === sampleRows) break;
  if (rows.length === 0) throw new SourceError(nothing);
  const found = readHeading(rows, heading);
  return { ...found, sample: rows.slice(found.skipped) };
}

async function* after(rows: AsyncGenerator<SourceRow>, skipped: number): AsyncGenerator<SourceRow> {
  let left = skipped;
  for await (const row of rows) if (left-- <= 0) yield row;
}

async function firstPiece(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  for await (const piece of bytes) if (piece.length > 0) return Buffer.from(piece);
  return Buffer.alloc(0);
}

async function firstText(text: AsyncIterable<string>): Promise<string> {
  let beginning = '';
  for await (const piece of text) {
    beginning += piece;
    if (beginning.length >= sampleText) break;
  }
  return beginning;
}

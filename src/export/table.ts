/** What one cell holds; undefined leaves it empty. */
export type Cell = string | number | boolean | Date | undefined;

/** What kind of cells a column holds: `time` cells are dates. */
export type ColumnKind = 'text' | 'number' | 'time' | 'boolean';

/** A column by its names. */
export interface ColumnHead {
  /** English name, the same in every version: for machines. */
  readonly key: string;
  /** Japanese name, for people. */
  readonly heading: string;
  readonly kind: ColumnKind;
}

/** A column and how its cells are read from a row. */
export interface Column<Value> extends ColumnHead {
  cell(value: Value): Cell;
}

/** A row as columns and as the whole value that it was made of. */
export interface TableRow {
  /** One for each column, in the same order. */
  readonly cells: readonly Cell[];
  readonly value: object;
}

/** Rows of typed columns, read only as fast as they are written. */
export interface Table {
  readonly columns: readonly ColumnHead[];
  readonly rows: AsyncIterable<TableRow>;
}

/** A table of values that come one by one. */
export function tableOf<Value extends object>(
  columns: readonly Column<Value>[],
  values: AsyncIterable<Value> | Iterable<Value>,
): Table {
  return { columns, rows: rowsOf(columns, values) };
}

async function* rowsOf<Value extends object>(
  columns: readonly Column<Value>[],
  values: AsyncIterable<Value> | Iterable<Value>,
): AsyncGenerator<TableRow> {
  for await (const value of values) yield { value, cells: columns.map((column) => column.cell(value)) };
}

/** A column of text. */
export function text<Value>(key: string, heading: string, cell: (value: Value) => string | undefined): Column<Value> {
  return { key, heading, kind: 'text', cell };
}

/** Digits behind the point that are kept: what lies beyond is noise of binary fractions. */
const digits = 1e6;

/** A column of numbers, rounded to six digits behind the point; what is not finite is left empty. */
export function number<Value>(key: string, heading: string, cell: (value: Value) => number | undefined): Column<Value> {
  const rounded = (value: number | undefined) =>
    value === undefined || !Number.isFinite(value) ? undefined : Math.round(value * digits) / digits;
  return { key, heading, kind: 'number', cell: (value) => rounded(cell(value)) };
}

/** A column of times, given in RFC 3339. */
export function time<Value>(key: string, heading: string, cell: (value: Value) => string | undefined): Column<Value> {
  const dated = (value: string | undefined) => (value === undefined ? undefined : new Date(value));
  return { key, heading, kind: 'time', cell: (value) => dated(cell(value)) };
}

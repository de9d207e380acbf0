import { type CellValue, writeXlsxStream } from 'hucre/xlsx';
import { neutralText } from './neutral-text.ts';
import type { Cell, ColumnKind } from './table.ts';

/** A column of a sheet. */
export interface SheetColumn {
  readonly heading: string;
  readonly kind: ColumnKind;
}

/** Excel takes no more characters in a cell; UTF-16 code units. */
const longestCell = 32_767;
const widths: Readonly<Record<ColumnKind, number>> = { text: 24, number: 12, time: 20, boolean: 10 };

/**
 * An Excel workbook (ECMA-376) with one sheet, a heading that stays in view, and typed cells; rows beyond the 1,048,576
 * that a sheet holds go on in further sheets. Texts longer than a cell may be end in `…`. Memory does not grow with
 * the rows.
 *
 * @param rows without the heading; times are those of the reader's clock, in UTC fields
 */
export function xlsxBytes(
  name: string,
  columns: readonly SheetColumn[],
  rows: AsyncIterable<readonly Cell[]>,
): AsyncIterable<Uint8Array> {
  return writeXlsxStream(cellValues(rows), {
    name,
    columns: columns.map(({ heading, kind }) => ({
      header: heading,
      width: widths[kind],
      ...(kind === 'time' && { numFmt: 'yyyy-mm-dd hh:mm:ss' }),
    })),
    freezePane: { rows: 1 },
    zip64: true,
  });
}

async function* cellValues(rows: AsyncIterable<readonly Cell[]>): AsyncGenerator<CellValue[]> {
  for await (const cells of rows) {
    yield cells.map((cell) => (typeof cell === 'string' ? sheetText(cell) : (cell ?? null)));
  }
}

/** `_x0041_` stands for a character in a sheet, so what looks like it in a text is escaped (ECMA-376, part 1, 22.9.2.19). */
function sheetText(text: string): string {
  const neutral = neutralText(text.toWellFormed());
  const fitting = neutral.length > longestCell ? `${neutral.slice(0, longestCell - 1).toWellFormed()}…` : neutral;
  return fitting.replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
}

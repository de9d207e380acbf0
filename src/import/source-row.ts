/** A cell as a file holds it: text in CSV; typed in XLSX and JSON. Dates are what the clock showed, in UTC fields. */
export type SourceCell = string | number | boolean | Date | null;

/** One row of a file. */
export interface SourceRow {
  /** Line on which it begins, or row of the sheet; from 1. */
  readonly number: number;
  readonly cells: readonly SourceCell[];
  /** Why it cannot be read as a row; its cells are then whatever was found. */
  readonly problem?: string;
}

/** A cell as text, the way a person would write it. */
export function cellText(cell: SourceCell | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString().slice(0, 19).replace('T', ' ');
  return String(cell);
}

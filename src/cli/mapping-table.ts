import type { Field } from '../import/field.ts';
import type { Mapping } from '../import/mapping.ts';
import type { Scale } from '../import/read-rating.ts';
import { cellText, type SourceRow } from '../import/source-row.ts';
import { lines, oneLine, textTable } from './table.ts';

/** How the columns of a file are understood, and why. */
export interface ShownMapping {
  readonly columns: readonly string[];
  readonly sample: readonly SourceRow[];
  readonly mapping: Mapping;
  readonly guessed: Mapping;
  readonly reasons: ReadonlyMap<Field, 'name' | 'content'>;
  /** Scale of ratings that do not tell their own. */
  readonly scale: Scale;
}

const widestColumn = 24;

/** A row for each column: what it is taken as, why, and what stands in it first. */
export function mappingTable(shown: ShownMapping, width: number): string {
  const { columns, sample, mapping, scale } = shown;
  const room = Math.max(20, Math.min(60, width - 80));
  const table = textTable(
    [
      { head: '#', align: 'right' },
      { head: 'column' },
      { head: 'taken as' },
      { head: 'because of' },
      { head: 'begins with' },
    ],
    columns.map((column, at) => {
      const taken = [...mapping].filter(([, place]) => place === at).map(([field]) => field);
      const first = sample.map(({ cells }) => cellText(cells[at]).trim()).find((text) => text !== '') ?? '';
      return {
        cells: [
          at + 1,
          oneLine(column, widestColumn),
          taken.join(', ') || '-',
          taken.map((field) => reasonOf(field, shown)).join(', ') || 'left out',
          oneLine(first, room),
        ],
      };
    }),
  );
  const rating = mapping.has('rating') ? [`ratings are from ${scale.min} to ${scale.max} where they do not tell`] : [];
  return lines([table, ...rating]);
}

function reasonOf(field: Field, { mapping, guessed, reasons }: ShownMapping): string {
  return guessed.get(field) === mapping.get(field) ? `its ${reasons.get(field)}` : 'you said so';
}

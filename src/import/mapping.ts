import { type Field, fieldNamed, parseField, surveyFields } from './field.ts';
import { readRating } from './read-rating.ts';
import { readTime, type TimeReading } from './read-time.ts';
import { cellText, type SourceCell, type SourceRow } from './source-row.ts';

/** Which column a field is read from: its place from 0. */
export type Mapping = ReadonlyMap<Field, number>;

/** A mapping with why each column was chosen. */
export interface GuessedMapping {
  readonly mapping: Mapping;
  readonly reasons: ReadonlyMap<Field, 'name' | 'content'>;
}

/** A mapping that cannot be: the message says why. */
export class MappingError extends Error {}

/**
 * Guesses what the columns hold: first by their names, then the time, the text and the rating by what is in them.
 *
 * @param sample some rows, for the content
 */
export function guessMapping(
  columns: readonly string[],
  sample: readonly SourceRow[],
  times: TimeReading,
): GuessedMapping {
  const mapping = new Map<Field, number>();
  const reasons = new Map<Field, 'name' | 'content'>();
  const take = (field: Field, column: number | undefined, reason: 'name' | 'content') => {
    if (column === undefined || column < 0 || mapping.has(field)) return;
    mapping.set(field, column);
    reasons.set(field, reason);
  };
  for (const [column, name] of columns.entries()) {
    const field = fieldNamed(name);
    const isSecondSurvey = surveyFields.some((one) => one === field) && surveyFields.some((one) => mapping.has(one));
    if (field !== undefined && !isSecondSurvey && !(field === 'id' && repeats(valuesOf(sample, column)))) {
      take(field, column, 'name');
    }
  }
  const contents = columns.map((_, column) => valuesOf(sample, column));
  const free = () => columns.flatMap((_, column) => ([...mapping.values()].includes(column) ? [] : [column]));
  const most = (column: number, test: (cell: SourceCell) => boolean) => share(contents[column] ?? [], test) >= 0.8;
  take(
    'occurredAt',
    free().find((column) => most(column, (cell) => isDateLike(cell) && readTime(cell, times) !== undefined)),
    'content',
  );
  take('text', wordiest(free(), contents), 'content');
  take(
    'rating',
    free().find((column) => most(column, (cell) => /[★⭐点]/u.test(cellText(cell)) && readRating(cell) !== undefined)),
    'content',
  );
  return { mapping, reasons };
}

/**
 * A mapping as a person gives it: `text=本文`, several with commas between them; a column by its name, or by its number
 * (`text=#2`). A field that is set to nothing (`rating=`) is taken from no column.
 *
 * @throws MappingError
 */
export function parseMapping(
  entries: Iterable<readonly [name: string, column: string]>,
  columns: readonly string[],
  base: Mapping = new Map(),
): Mapping {
  const mapping = new Map(base);
  for (const [name, column] of entries) {
    const field = parseField(name);
    if (field === undefined) {
      throw new MappingError(`${name} is no field: give one of id, text, occurredAt, rating, … or attributes.NAME`);
    }
    if (column === '') {
      mapping.delete(field);
      continue;
    }
    const [, number] = /^#(\d{1,5})$/.exec(column) ?? [];
    const at = number === undefined ? columns.indexOf(column) : Number(number) - 1;
    if (at < 0 || at >= columns.length) {
      throw new MappingError(`there is no column ${column}: there are ${columns.join(', ')}`);
    }
    mapping.set(field, at);
  }
  return mapping;
}

/** The entries of `--map`. @throws MappingError */
export function splitMapping(text: string): [name: string, column: string][] {
  return text.split(',').map((entry) => {
    const equals = entry.indexOf('=');
    if (equals < 1) throw new MappingError(`"${entry}" is not field=column`);
    return [entry.slice(0, equals).trim(), entry.slice(equals + 1).trim()];
  });
}

/** Holds a mapping against what feedback needs. @throws MappingError */
export function checkMapping(mapping: Mapping): void {
  if (!mapping.has('text')) throw new MappingError('no column is taken as the text: give --map text=COLUMN');
  const surveys = surveyFields.filter((field) => mapping.has(field));
  if (surveys.length > 1) {
    throw new MappingError(`a piece of feedback holds one answer: map one of ${surveys.join(', ')}`);
  }
}

function valuesOf(sample: readonly SourceRow[], column: number): SourceCell[] {
  return sample.flatMap(({ cells, problem }) => {
    const cell = cells[column];
    return problem !== undefined || cell === undefined || cellText(cell).trim() === '' ? [] : [cell];
  });
}

/** Whether values mostly stand for several rows, as those of a conversation do: an id that slipped in twice does not. */
function repeats(cells: readonly SourceCell[]): boolean {
  return cells.length > 0 && 2 * new Set(cells.map(cellText)).size <= cells.length;
}

function share(cells: readonly SourceCell[], test: (cell: SourceCell) => boolean): number {
  return cells.length === 0 ? 0 : cells.filter(test).length / cells.length;
}

/** Numbers alone are as often amounts and codes as they are dates. */
function isDateLike(cell: SourceCell): boolean {
  return cell instanceof Date || (typeof cell === 'string' && /\d\s?[-/.年月]\s?\d/.test(cell.normalize('NFKC')));
}

/** The column with the longest texts on average, of those with Japanese or several words in most cells. */
function wordiest(columns: readonly number[], contents: readonly (readonly SourceCell[])[]): number | undefined {
  const lengths = columns.flatMap((column) => {
    const texts = (contents[column] ?? []).map(cellText);
    const said = texts.filter((text) => /[\p{L}]/u.test(text));
    const mean = said.reduce((sum, text) => sum + text.length, 0) / Math.max(1, texts.length);
    return said.length >= 0.8 * texts.length && mean >= 6 ? [{ column, mean }] : [];
  });
  return lengths.sort((one, other) => other.mean - one.mean)[0]?.column;
}

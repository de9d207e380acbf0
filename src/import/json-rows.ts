import type { SourceCell, SourceRow } from './source-row.ts';

/** A JSON line as named cells. */
export interface NamedRow extends Omit<SourceRow, 'cells'> {
  readonly cells: ReadonlyMap<string, SourceCell>;
}

const longestLine = 1_048_576;
const deepest = 4;

/**
 * JSON lines as rows: a value inside an object is named by its path (`survey.score`), a list is its JSON. What is no
 * object is told and left.
 */
export async function* jsonRows(text: AsyncIterable<string>): AsyncGenerator<NamedRow> {
  let buffer = '';
  let number = 1;
  for await (const piece of text) {
    buffer += piece;
    const lines = buffer.split('\n');
    buffer = lines.pop() ?? '';
    for (const line of lines) yield* rowOf(line, number++);
    if (buffer.length > longestLine) {
      yield { number, cells: new Map(), problem: `the line is longer than ${longestLine} characters` };
      buffer = '';
    }
  }
  yield* rowOf(buffer, number);
}

function* rowOf(line: string, number: number): Generator<NamedRow> {
  const trimmed = line.trim();
  if (trimmed === '') return;
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
  } catch {
    yield { number, cells: new Map([['line', trimmed]]), problem: 'the line is not JSON' };
    return;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield { number, cells: new Map([['line', trimmed]]), problem: 'the line is no JSON object' };
    return;
  }
  const cells = new Map<string, SourceCell>();
  flatten(value, '', cells, 0);
  yield { number, cells };
}

function flatten(value: object, path: string, cells: Map<string, SourceCell>, depth: number): void {
  for (const [name, inner] of Object.entries(value)) {
    const key = path === '' ? name : `${path}.${name}`;
    if (typeof inner === 'string' || typeof inner === 'number' || typeof inner === 'boolean' || inner === null) {
      cells.set(key, inner);
    } else if (Array.isArray(inner) || depth === deepest) cells.set(key, JSON.stringify(inner));
    else if (typeof inner === 'object') flatten(inner, key, cells, depth + 1);
  }
}

import { csvRows } from './csv-rows.ts';

/** What may stand between the cells of a row. */
export const delimiters = [',', '\t', ';', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

/**
 * The delimiter of a text: the one that divides most of its rows into the same number of cells, more than one; a comma
 * where none does.
 *
 * @param sample the beginning of the text, whole rows or not
 */
export async function detectDelimiter(sample: string): Promise<Delimiter> {
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of delimiters) {
    const widths = new Map<number, number>();
    let rows = 0;
    for await (const { cells, problem } of csvRows(once(sample), delimiter)) {
      rows++;
      if (problem === undefined) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1);
    }
    const [width = 1, count = 0] = [...widths].sort(([, one], [, other]) => other - one)[0] ?? [];
    const score = width > 1 && rows > 0 ? count / rows : 0;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

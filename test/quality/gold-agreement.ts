/**
 * How far the first and the blind second labelling of the gold agree, both as made, printed as Markdown tables:
 * `npx tsx test/quality/gold-agreement.ts`. No model can be asked to agree with the gold more than the gold does with itself.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One labelled text; sets are kept in the order of the file, `none` is an empty list. */
export interface GoldRow {
  readonly id: string;
  readonly sentiment: string;
  /** Topic and sign, as `price-`. */
  readonly topics: readonly string[];
  readonly intents: readonly string[];
  readonly emotion: string;
  readonly flags: readonly string[];
  readonly text: string;
}

/** Reads the seven-column TSV of the annotation guide; throws with the line's number when a line has another count. */
export function readGold(tsv: string): GoldRow[] {
  const labels = (cell: string) => (cell === 'none' ? [] : cell.split(','));
  return tsv
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      const cells = line.split('\t');
      const [id = '', sentiment = '', topics = '', intents = '', emotion = '', flags = '', text = ''] = cells;
      if (cells.length !== 7) throw new Error(`line ${index + 1}: ${cells.length} columns, not 7`);
      return { id, sentiment, topics: labels(topics), intents: labels(intents), emotion, flags: labels(flags), text };
    });
}

/** The rows of both labellings that share id and text, as pairs: a text edited since the second labelling is left out. */
export function pairRows(first: readonly GoldRow[], second: readonly GoldRow[]): [GoldRow, GoldRow][] {
  const byId = new Map(second.map((row) => [row.id, row]));
  return first.flatMap((row): [GoldRow, GoldRow][] => {
    const other = byId.get(row.id);
    return other?.text === row.text ? [[row, other]] : [];
  });
}

/**
 * The share of equal labels, 0 to 1, and Cohen's kappa, which takes off what chance alone would give (Cohen 1960, "A
 * coefficient of agreement for nominal scales"). Kappa is NaN for no pairs or when both sides know only one label.
 */
export function kappa(pairs: readonly (readonly [string, string])[]): { accuracy: number; kappa: number } {
  const share = (count: number) => count / pairs.length;
  const accuracy = share(pairs.filter(([a, b]) => a === b).length);
  const labels = new Set(pairs.flat());
  let chance = 0;
  for (const label of labels) {
    chance += share(pairs.filter(([a]) => a === label).length) * share(pairs.filter(([, b]) => b === label).length);
  }
  return { accuracy, kappa: (accuracy - chance) / (1 - chance) };
}

/** Micro-averaged F1 of label sets, 0 to 1: twice the shared labels by all labels of both sides; NaN when there are none. */
export function microF1(pairs: readonly (readonly [readonly string[], readonly string[]])[]): number {
  let shared = 0;
  let all = 0;
  for (const [first, second] of pairs) {
    const a = new Set(first);
    const b = new Set(second);
    shared += [...a].filter((label) => b.has(label)).length;
    all += a.size + b.size;
  }
  return (2 * shared) / all;
}

/** One line of the table per labelled column, figures in percent. */
export function agreementTable(first: readonly GoldRow[], second: readonly GoldRow[]): string {
  const pairs = pairRows(first, second);
  const percent = (value: number) => (100 * value).toFixed(1);
  const single = (name: string, pick: (row: GoldRow) => string) => {
    const result = kappa(pairs.map(([a, b]) => [pick(a), pick(b)] as const));
    return `| ${name} | accuracy ${percent(result.accuracy)}, kappa ${percent(result.kappa)} |`;
  };
  const set = (name: string, pick: (row: GoldRow) => readonly string[]) =>
    `| ${name} | micro-F1 ${percent(microF1(pairs.map(([a, b]) => [pick(a), pick(b)] as const)))} |`;
  return [
    `| ${pairs.length} of ${first.length} rows | agreement |`,
    '|---|---|',
    single('sentiment', (row) => row.sentiment),
    set('topics', (row) => row.topics.map((topic) => topic.slice(0, -1))),
    set('topics with polarity', (row) => row.topics),
    set('intents', (row) => row.intents),
    single('emotion', (row) => row.emotion),
    set('flags', (row) => row.flags),
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const read = (path: string) => readGold(readFileSync(new URL(`../../models/gold/${path}`, import.meta.url), 'utf8'));
  for (const name of ['sentences', 'documents']) {
    console.log(`\n${name}\n\n${agreementTable(read(`first/${name}.tsv`), read(`second/${name}.tsv`))}`);
  }
}

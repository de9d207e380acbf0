import { sentiments } from '../domain/labels.ts';
import { type FigureName, type Figures, figureNames } from '../insight/label-figures.ts';

/** Figures of several ways to find labels, each under its name. */
export type Compared = readonly (readonly [name: string, figures: Partial<Record<FigureName, Figures>>])[];

const measures: readonly { readonly title: string; readonly kind: FigureName; value(figures: Figures): number }[] = [
  { title: 'sentiment, accuracy', kind: 'sentiment', value: ({ accuracy = Number.NaN }) => accuracy },
  { title: 'sentiment, macro-F1', kind: 'sentiment', value: ({ macroF1 }) => macroF1 },
  { title: 'topics, micro-F1', kind: 'topics', value: ({ microF1 }) => microF1 },
  { title: 'topics with polarity, micro-F1', kind: 'topics with polarity', value: ({ microF1 }) => microF1 },
  { title: 'intents, micro-F1', kind: 'intents', value: ({ microF1 }) => microF1 },
  { title: 'intents, macro-F1', kind: 'intents', value: ({ macroF1 }) => macroF1 },
  { title: 'emotion, accuracy', kind: 'emotion', value: ({ accuracy = Number.NaN }) => accuracy },
  { title: 'emotion, macro-F1', kind: 'emotion', value: ({ macroF1 }) => macroF1 },
  { title: 'flags, micro-F1', kind: 'flags', value: ({ microF1 }) => microF1 },
];

/** A Markdown table: measures in per cent down, ways to find labels across. */
export function figuresTable(compared: Compared): string {
  const rows = measures
    .filter(({ kind }) => compared.some(([, figures]) => figures[kind] !== undefined))
    .map(({ title, kind, value }) => {
      const cells = compared.map(([, figures]) => {
        const found = figures[kind];
        return found === undefined ? '' : percent(value(found));
      });
      return [title, ...cells];
    });
  return markdownTable(['per cent', ...compared.map(([name]) => name)], rows);
}

/** A Markdown table of the expected calibration error of what is stated, per kind of label. */
export function calibrationTable(figures: Partial<Record<FigureName, Figures>>): string {
  const rows = figureNames.flatMap((name) => {
    const found = figures[name];
    if (found === undefined || Number.isNaN(found.calibrationError)) return [];
    const stated = found.reliability.reduce((sum, { count }) => sum + count, 0);
    return [[name, String(stated), found.calibrationError.toFixed(3)]];
  });
  return markdownTable(['kind', 'stated', 'expected calibration error'], rows);
}

/** A Markdown table of statements by their confidence. */
export function reliabilityTable({ reliability }: Figures): string {
  const rows = reliability.map(({ from, count, meanConfidence, accuracy }) => [
    from.toFixed(1),
    String(count),
    percent(meanConfidence),
    percent(accuracy),
  ]);
  return markdownTable(['confidence from', 'stated', 'mean confidence, %', 'right, %'], rows);
}

/** A Markdown table of a confusion of sentiments. */
export function confusionTable(matrix: readonly (readonly number[])[]): string {
  const rows = sentiments.map((name, index) => [name, ...(matrix[index] ?? []).map(String)]);
  return markdownTable(['given \\ found', ...sentiments], rows);
}

/** A Markdown table; all columns but the first are numbers. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|---|${'--:|'.repeat(head.length - 1)}`, ...rows.map(line)].join('\n');
}

function percent(share: number): string {
  return Number.isNaN(share) ? '' : (100 * share).toFixed(1);
}

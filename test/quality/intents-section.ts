import { intentIds } from '../../src/domain/labels.ts';
import { firstRun, freshNote, halves } from './gold-file.ts';
import { type Analyze, type IntentFigures, intentFigures } from './intent-figures.ts';

/** Least macro-F1 of the seven intents, on either half. */
export const intentFloor = 0.9;

const percent = (share: number | undefined) => (100 * (share ?? 0)).toFixed(1);

/** The section of docs/quality.md about intents, between its markers. */
export async function intentsSection(analyses: Readonly<Record<'model' | 'rules', Analyze>>): Promise<string> {
  const columns: IntentFigures[] = [];
  for (const by of ['model', 'rules'] as const) {
    for (const half of halves) columns.push(await intentFigures(half, analyses[by]));
  }
  const rows = [...intentIds, 'cancel-signal'].map(
    (id) => `| ${[id, ...columns.map(({ f1 }) => percent(f1[id]))].join(' | ')} |`,
  );
  const macro = columns.map(({ macroF1 }) => percent(macroF1));
  return [
    '<!-- intents:start -->',
    '## Intents and what is cancelled',
    '',
    `F1 in per cent on ${columns
      .slice(0, halves.length)
      .map(({ texts }) => texts)
      .join(', ')} texts (dev, held-out, fresh) of \`test/quality/gold/intents.*.tsv\`, with the model and by`,
    `lexicon and rules alone. Floor: ${100 * intentFloor} for the mean of the seven intents. Before the rules the model alone had 64.3 and 64.0`,
    `on dev and held-out. When fresh was first run it had ${percent(firstRun.intents.model)} with the model and ${percent(firstRun.intents.rules)} by rules alone.`,
    '`cancel-signal` is the flag of texts in which leaving is in the air without being wanted.',
    ...freshNote,
    '',
    `| intent | ${['model', 'rules'].flatMap((by) => halves.map((half) => `${by}, ${half}`)).join(' | ')} |`,
    '|---|--:|--:|--:|--:|--:|--:|',
    ...rows,
    `| **mean of seven** | ${macro.join(' | ')} |`,
    '<!-- intents:end -->',
  ].join('\n');
}

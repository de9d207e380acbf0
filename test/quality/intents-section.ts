import { intentIds } from '../../src/domain/labels.ts';
import { type Analyze, intentFigures } from './intent-figures.ts';

/** Least macro-F1 of the seven intents, on either half. */
export const intentFloor = 0.9;

const percent = (share: number | undefined) => (100 * (share ?? 0)).toFixed(1);

/** The section of docs/quality.md about intents, between its markers. */
export async function intentsSection(analyses: Readonly<Record<'model' | 'rules', Analyze>>): Promise<string> {
  const columns = [
    await intentFigures('dev', analyses.model),
    await intentFigures('held-out', analyses.model),
    await intentFigures('dev', analyses.rules),
    await intentFigures('held-out', analyses.rules),
  ];
  const rows = [...intentIds, 'cancel-signal'].map(
    (id) => `| ${[id, ...columns.map(({ f1 }) => percent(f1[id]))].join(' | ')} |`,
  );
  const macro = columns.map(({ macroF1 }) => percent(macroF1));
  return [
    '<!-- intents:start -->',
    '## Intents and what is cancelled',
    '',
    `F1 in per cent on ${columns[0]?.texts} (dev) and ${columns[1]?.texts} (held-out) texts of \`test/quality/gold/intents.*.tsv\`, with the model and by`,
    `lexicon and rules alone. Floor: ${100 * intentFloor} for the mean of the seven intents. Before the rules the model alone had 64.3 and 64.0.`,
    '`cancel-signal` is the flag of texts in which leaving is in the air without being wanted.',
    '',
    '| intent | model, dev | model, held-out | rules, dev | rules, held-out |',
    '|---|--:|--:|--:|--:|',
    ...rows,
    `| **mean of seven** | ${macro.join(' | ')} |`,
    '<!-- intents:end -->',
  ].join('\n');
}

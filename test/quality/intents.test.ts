import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { halves } from './gold-file.ts';
import { intentFigures, openAnalyses } from './intent-figures.ts';
import { intentFloor, intentsSection } from './intents-section.ts';

const analyses = await openAnalyses();
const cases = halves.flatMap((half) => (['model', 'rules'] as const).map((by) => ({ half, by })));

test.each(cases)('intents and the scope of what is cancelled: $half, $by', async ({ half, by }) => {
  const { texts, macroF1, f1, wrong } = await intentFigures(half, analyses[by]);
  expect(texts).toBeGreaterThanOrEqual(135);
  expect(macroF1, wrong.join('\n')).toBeGreaterThanOrEqual(intentFloor);
  expect(f1['cancel-signal'], wrong.join('\n')).toBeGreaterThanOrEqual(0.8);
});

test('docs/quality.md has these figures', async () => {
  const page = readFileSync(join(packageRoot(), 'docs/quality.md'), 'utf8');
  expect(page).toContain(await intentsSection(analyses));
});

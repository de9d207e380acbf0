import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadEnrichmentAssets } from '../../src/analysis/load-assets.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { halves } from './gold-file.ts';
import { negationFigures } from './negation-figures.ts';
import { opinionFigures } from './opinion-figures.ts';
import { floors, opinionsSection } from './opinions-section.ts';

const assets = await loadEnrichmentAssets();

describe.each(halves)('%s', (half) => {
  test('opinions are read with target, expression and polarity', () => {
    const { f1, sentences, wrong } = opinionFigures(half, assets);
    expect(sentences).toBeGreaterThanOrEqual(170);
    expect(f1, wrong.join('\n')).toBeGreaterThanOrEqual(floors.opinions);
  });

  test('negation and modality are read', () => {
    const { accuracy, cases, wrong } = negationFigures(half, assets);
    expect(cases).toBeGreaterThanOrEqual(115);
    expect(accuracy, wrong.join('\n')).toBeGreaterThanOrEqual(floors.negation);
  });
});

test('docs/quality.md has these figures', () => {
  const page = readFileSync(join(packageRoot(), 'docs/quality.md'), 'utf8');
  expect(page).toContain(opinionsSection(assets));
});

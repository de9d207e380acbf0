import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { createMasker } from '../../src/text/personal-data/masker.ts';
import { loadPersonNames } from '../../src/text/personal-data/person-names.ts';
import { placeholders } from '../../src/text/personal-data/placeholders.ts';
import { halves } from './gold-file.ts';
import { personalDataFigures, precision, recall } from './personal-data-figures.ts';
import { personalDataSection } from './personal-data-section.ts';

const masker = createMasker(await loadPersonNames());

describe.each(halves)('personal data, %s', (half) => {
  const figures = personalDataFigures(half, masker);

  test('the gold is large, and holds every kind', () => {
    expect(figures.all.marked).toBeGreaterThanOrEqual(220);
    expect(figures.lookAlikes).toBeGreaterThanOrEqual(200);
    expect(figures.kinds.filter(({ marked }) => marked > 0).map(({ kind }) => kind)).toEqual(
      Object.keys(placeholders).sort(),
    );
  });

  test('almost everything is found, and almost nothing else', () => {
    expect(recall(figures.all), figures.mistakes.join('\n')).toBeGreaterThanOrEqual(0.99);
    expect(precision(figures.all), figures.mistakes.join('\n')).toBeGreaterThanOrEqual(0.97);
  });

  // With ten to sixty pieces of a kind, one mistake is one of a hundred at best.
  test.each(figures.kinds)('$kind', (kind) => {
    expect(kind.marked - kind.found, figures.mistakes.join('\n')).toBeLessThanOrEqual(1);
    expect(kind.wrong, figures.mistakes.join('\n')).toBeLessThanOrEqual(1);
  });
});

test('docs/quality.md has these figures', () => {
  const page = readFileSync(join(packageRoot(), 'docs/quality.md'), 'utf8');
  expect(page).toContain(personalDataSection(masker));
});

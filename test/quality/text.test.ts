import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { halves } from './gold-file.ts';
import { junkFigures } from './junk-figures.ts';
import { sentenceFigures } from './sentence-figures.ts';
import { textSection } from './text-section.ts';

describe.each(halves)('%s', (half) => {
  test('every text is cut where its sentences end', () => {
    const { cases, mistakes } = sentenceFigures(half);
    expect(cases).toBeGreaterThanOrEqual(85);
    expect(mistakes).toEqual([]);
  });

  test('almost every text has its status, reason and language', () => {
    const { cases, right, mistakes } = junkFigures(half);
    expect(cases).toBeGreaterThanOrEqual(110);
    expect(right / cases, mistakes.join('\n')).toBeGreaterThanOrEqual(0.97);
  });
});

test('docs/quality.md has these figures', () => {
  expect(readFileSync(join(packageRoot(), 'docs/quality.md'), 'utf8')).toContain(textSection());
});

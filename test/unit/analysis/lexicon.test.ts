import { describe, expect, test } from 'vitest';
import { parseLexicon } from '../../../src/analysis/lexicon.ts';
import { loadLexicon } from '../../../src/analysis/load-assets.ts';

test('the lexicon of koe has a version and at least 800 expressions', () => {
  const lexicon = loadLexicon();
  expect(lexicon.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(lexicon.size).toBeGreaterThanOrEqual(800);
});

describe('a broken lexicon is refused', () => {
  test.each([
    ['良い\t0.6', 'version'],
    ['# version: 1\n良い', 'line 2'],
    ['# version: 1\n良い\tgood', 'line 2'],
    ['# version: 1\n良い\t1.2', 'line 2'],
    ['# version: 1\n良い\t0', 'line 2'],
    ['# version: 1\n\n良い\t0.6\t形容', 'line 3'],
    ['# version: 1\n良い\t0.6\n良い\t0.7', 'line 3 repeats line 2'],
    ['# version: 1\n\t0.6', 'line 2'],
  ])('%j', (tsv, detail) => {
    expect(() => parseLexicon(tsv)).toThrow(detail);
  });
});

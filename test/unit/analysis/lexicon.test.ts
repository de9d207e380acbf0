import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSynonyms } from '../../../src/analysis/canonical.ts';
import { parseLexicon } from '../../../src/analysis/lexicon.ts';
import { loadLexicon } from '../../../src/analysis/load-assets.ts';
import { packageRoot } from '../../../src/runtime/package-root.ts';
import { alignText } from '../../../src/text/aligned-text.ts';
import { loadTokenizer } from '../../../src/text/tokenizer.ts';

test('the lexicon of koe has a version and at least 2,500 expressions', () => {
  const lexicon = loadLexicon();
  expect(lexicon.version).toMatch(/^\d+\.\d+\.\d+\+\d+\.\d+\.\d+$/);
  expect(lexicon.size).toBeGreaterThanOrEqual(2500);
});

test('every expression of the lexicon is found where it stands alone', async () => {
  const [{ matcher }, tokenizer] = [loadLexicon(), await loadTokenizer()];
  const lines = readFileSync(join(packageRoot(), 'models/lexicon/polarity.tsv'), 'utf8').split('\n');
  const expressions = lines
    .filter((line) => line !== '' && !/^[#@]/.test(line))
    .map((line) => line.split('\t')[0] ?? '');
  const lost = expressions.filter((expression) => {
    const tokens = tokenizer.tokenize(alignText(expression).normalized);
    return !matcher.find(tokens).some(({ first, end }) => first === 0 && end === tokens.length);
  });
  expect(lost).toEqual([]);
});

const synonyms = parseSynonyms('# version: 1');

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
    expect(() => parseLexicon(tsv, synonyms)).toThrow(detail);
  });
});

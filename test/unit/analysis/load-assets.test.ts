import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadLexicon, loadTaxonomy } from '../../../src/analysis/load-assets.ts';

let models: string;
beforeAll(() => {
  models = mkdtempSync(join(tmpdir(), 'koe-models-'));
  mkdirSync(join(models, 'taxonomy'));
  mkdirSync(join(models, 'lexicon'));
});
afterAll(() => rmSync(models, { recursive: true }));

test('a broken taxonomy is told by file and field', () => {
  writeFileSync(join(models, 'taxonomy/taxonomy.json'), JSON.stringify({ version: 1, topics: [] }));
  expect(() => loadTaxonomy(models)).toThrow(/taxonomy\.json: .*version/);
  writeFileSync(join(models, 'taxonomy/taxonomy.json'), '{');
  expect(() => loadTaxonomy(models)).toThrow(/taxonomy\.json: .*JSON/);
});

test('a broken lexicon is told by file and line', () => {
  writeFileSync(join(models, 'lexicon/synonyms.tsv'), '# version: 1\n');
  writeFileSync(join(models, 'lexicon/polarity.tsv'), '# version: 1\n良い\tとても\n');
  expect(() => loadLexicon(models)).toThrow(/polarity\.tsv: line 2/);
});

test('a missing file is told by name', () => {
  expect(() => loadLexicon(join(models, 'absent'))).toThrow(/absent.*synonyms\.tsv/);
});

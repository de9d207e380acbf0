import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import kuromoji, { type IpadicTokenizer } from 'kuromoji';
import { beforeAll, expect, test } from 'vitest';
import { loadTaxonomy } from '../../../src/analysis/load-assets.ts';
import { loadDictionary } from '../../../src/text/dictionary.ts';
import { Lattice } from '../../../src/text/lattice.ts';

const dicPath = join(dirname(createRequire(import.meta.url).resolve('kuromoji/package.json')), 'dict');

/** kuromoji's own lattice, which koe's replaces. */
interface Kuromoji {
  readonly viterbi_builder: { build(text: string): unknown };
  readonly viterbi_searcher: {
    search(lattice: unknown): { name: number; type: string; start_pos: number; length: number }[];
  };
}

let original: Kuromoji;
let lattice: Lattice;
beforeAll(async () => {
  original = await new Promise((resolve) =>
    kuromoji.builder({ dicPath }).build((_, loaded) => resolve(loaded as IpadicTokenizer & Kuromoji)),
  );
  const { tokenizer, words } = await loadDictionary();
  lattice = new Lattice(tokenizer, words);
});

const sentences = [
  ...loadTaxonomy().topics.flatMap(({ examples }) => examples),
  'WindowsのUpdateを2回したらｴﾗｰになった！！',
  'グルポニャグルポニャを買った（1,980円）。',
  'すもももももももものうち、東京都庁に行きました。',
];

const byKuromoji = (text: string) =>
  original.viterbi_searcher
    .search(original.viterbi_builder.build(text))
    .map(({ name, type, start_pos, length }) => `${type} ${name} ${start_pos - 1} ${length}`);
const byLattice = (text: string) =>
  lattice
    .cut(text)
    .map(({ known, entry, start, end }) => `${known ? 'KNOWN' : 'UNKNOWN'} ${entry} ${start} ${end - start}`);

test('ordinary text is cut into the same dictionary entries as by kuromoji itself', () => {
  const expected = sentences.map(byKuromoji);
  expect(sentences.map(byLattice)).toEqual(expected);
  expect(expected.flat().some((node) => node.startsWith('UNKNOWN'))).toBe(true);
});

test('a long text leaves nothing behind for the next one', () => {
  const long = sentences.join('').repeat(20);
  expect(byLattice(long).length).toBeGreaterThan(1000);
  expect(sentences.map(byLattice)).toEqual(sentences.map(byKuromoji));
  expect(byLattice('')).toEqual([]);
});

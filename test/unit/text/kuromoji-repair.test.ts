import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import kuromoji, { type IpadicTokenizer } from 'kuromoji';
import { beforeAll, expect, test } from 'vitest';
import { loadTaxonomy } from '../../../src/analysis/load-assets.ts';
import { loadDictionary } from '../../../src/text/dictionary.ts';
import { repairLattice } from '../../../src/text/kuromoji-repair.ts';

const dicPath = join(dirname(createRequire(import.meta.url).resolve('kuromoji/package.json')), 'dict');
let original: IpadicTokenizer;
let repaired: IpadicTokenizer;
beforeAll(async () => {
  original = await new Promise((resolve) => kuromoji.builder({ dicPath }).build((_, loaded) => resolve(loaded)));
  const { tokenizer, words } = await loadDictionary();
  repairLattice(tokenizer, words);
  repaired = tokenizer;
});

const sentences = [
  ...loadTaxonomy().topics.flatMap(({ examples }) => examples),
  'WindowsのUpdateを2回したらｴﾗｰになった！！',
  'グルポニャグルポニャを買った（1,980円）。',
  'すもももももももものうち、東京都庁に行きました。',
];

const pathOf = (tokenizer: IpadicTokenizer, text: string) =>
  tokenizer.viterbi_searcher
    .search(tokenizer.viterbi_builder.build(text))
    .map(({ name, type, start_pos, length }) => `${type} ${name} ${start_pos} ${length}`);

test('ordinary text is cut into the same dictionary entries as by kuromoji itself', () => {
  const expected = sentences.map((text) => pathOf(original, text));
  expect(sentences.map((text) => pathOf(repaired, text))).toEqual(expected);
  expect(expected.flat().some((node) => node.startsWith('UNKNOWN'))).toBe(true);
});

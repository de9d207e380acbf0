import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import kuromoji, { type IpadicTokenizer } from 'kuromoji';
import { beforeAll, expect, test } from 'vitest';
import { loadTaxonomy } from '../../../src/analysis/load-assets.ts';
import { repairLattice } from '../../../src/text/kuromoji-repair.ts';

const dicPath = join(dirname(createRequire(import.meta.url).resolve('kuromoji/package.json')), 'dict');
let tokenizer: IpadicTokenizer;
beforeAll(async () => {
  tokenizer = await new Promise((resolve) => kuromoji.builder({ dicPath }).build((_, loaded) => resolve(loaded)));
});

const sentences = [
  ...loadTaxonomy().topics.flatMap(({ examples }) => examples),
  'WindowsのUpdateを2回したらｴﾗｰになった！！',
  'グルポニャグルポニャを買った（1,980円）。',
  'すもももももももものうち、東京都庁に行きました。',
];

const pathOf = (text: string) =>
  tokenizer.viterbi_searcher
    .search(tokenizer.viterbi_builder.build(text))
    .map(({ name, type, start_pos, length }) => `${type} ${name} ${start_pos} ${length}`);

test('ordinary text is cut into the same dictionary entries as before the repair', () => {
  const before = sentences.map(pathOf);
  repairLattice(tokenizer);
  expect(sentences.map(pathOf)).toEqual(before);
  expect(before.flat().some((node) => node.startsWith('UNKNOWN'))).toBe(true);
});

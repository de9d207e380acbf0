import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { kappa, microF1, pairRows, readGold } from './gold-agreement.ts';

const line = (id: string, text: string, sentiment = 'p', topics = 'price+') =>
  `${id}\t${sentiment}\t${topics}\tpraise\tnone\tnone\t${text}\n`;

describe('reading the gold', () => {
  test('a cell of none is an empty list', () => {
    const [row] = readGold(line('a', '安い', '0', 'none'));
    expect(row).toMatchObject({ id: 'a', sentiment: '0', topics: [], intents: ['praise'], flags: [], text: '安い' });
  });

  test('a line of other than seven columns is an error that names the line', () => {
    expect(() => readGold(`${line('a', '安い')}b\tp\n`)).toThrow('line 2: 2 columns, not 7');
  });

  test('only rows of the same text are compared', () => {
    const first = readGold(line('a', '安い') + line('b', '高い') + line('c', '普通'));
    const second = readGold(line('b', '高すぎる') + line('a', '安い'));
    expect(pairRows(first, second).map(([row]) => row.id)).toEqual(['a']);
  });
});

describe('agreement', () => {
  // Two of four labels agree by chance alone, three agree in fact: (0.75 - 0.5) / (1 - 0.5).
  test('kappa takes off the agreement by chance', () => {
    const pairs = [
      ['p', 'p'],
      ['p', 'p'],
      ['n', 'n'],
      ['n', 'p'],
    ] as const;
    expect(kappa(pairs)).toEqual({ accuracy: 0.75, kappa: 0.5 });
  });

  test('labels independent of each other have a kappa of zero', () => {
    const pairs = [
      ['p', 'p'],
      ['p', 'n'],
      ['n', 'p'],
      ['n', 'n'],
    ] as const;
    expect(kappa(pairs)).toEqual({ accuracy: 0.5, kappa: 0 });
  });

  test('micro-F1 counts every label once, over all rows', () => {
    expect(
      microF1([
        [['a', 'b'], ['b']],
        [['c'], ['c']],
        [[], ['d']],
      ]),
    ).toBeCloseTo(4 / 6);
  });
});

const read = (path: string) => readFileSync(new URL(`../../models/gold/${path}`, import.meta.url), 'utf8');
const firstColumn = (tsv: string) =>
  tsv
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0]);

describe.each([
  ['sentences', 'strata'],
  ['documents', 'documents-strata'],
])('the gold %s', (name, strata) => {
  const gold = readGold(read(`${name}.tsv`));
  const ids = gold.map((row) => row.id).sort();

  test('have unique ids, strata and both labellings', () => {
    expect(new Set(ids).size).toBe(ids.length);
    for (const file of [strata, `first/${name}`, `second/${name}`]) {
      expect(firstColumn(read(`${file}.tsv`)).sort(), file).toEqual(ids);
    }
  });

  test('are no training data', () => {
    const folder = new URL('../../models/training/data/', import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsv'));
    const trained = new Set(files.flatMap((file) => readFileSync(new URL(file, folder), 'utf8').split(/[\t\n]/)));
    expect(files).not.toEqual([]);
    expect(gold.filter((row) => trained.has(row.text))).toEqual([]);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine } from '../../../src/export/csv.ts';
import { csvRows } from '../../../src/import/csv-rows.ts';
import { detectDelimiter } from '../../../src/import/delimiter.ts';
import type { SourceRow } from '../../../src/import/source-row.ts';

async function* inPieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function rowsOf(text: string, size = 7): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const row of csvRows(inPieces(text, size), ',')) rows.push(row);
  return rows;
}

test('cells are quoted or not, line breaks are of any kind, empty lines are left out', async () => {
  const text = 'a,b\r\n"1 ""x""","2\r\n3"\n\n,\r4,5';
  for (let size = 1; size < 12; size++) {
    expect(await rowsOf(text, size)).toEqual([
      { number: 1, cells: ['a', 'b'] },
      { number: 2, cells: ['1 "x"', '2\r\n3'] },
      { number: 5, cells: ['', ''] },
      { number: 6, cells: ['4', '5'] },
    ]);
  }
});

test('what koe writes is read back, however the text comes', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '声', '"', ',', '\n', '\r', ' ', '👍') });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
      const given = rows.map((cells) => cells.map((text) => text.replace(/^[\r\n]+/, '')));
      const read = await rowsOf(given.map(csvLine).join(''), size);
      expect(read.map(({ cells, problem }) => problem ?? cells)).toEqual(given);
    }),
    { numRuns: 300 },
  );
});

test('a quote that is not doubled breaks its row alone', async () => {
  expect(await rowsOf('1,"彼は"良い"と言った"\n2,次\n')).toEqual([
    { number: 1, cells: ['1,"彼は"良い"と言った"'], problem: 'a quote inside column 2 is not doubled' },
    { number: 2, cells: ['2', '次'] },
  ]);
});

test('a quote that is never closed loses none of the rows below it', async () => {
  const below = Array.from({ length: 500 }, (_, at) => `${at},声${at}\n`).join('');
  const rows = await rowsOf(`a,"始まり\n${below}z,"ここ"も`, 100);
  expect(rows).toHaveLength(502);
  expect(rows[0]?.problem).toBe('a quote inside column 2 is not doubled');
  expect(rows[1]).toEqual({ number: 2, cells: ['0', '声0'] });
  const open = await rowsOf(`a,"始まり\n${below}`, 100);
  expect(open).toHaveLength(501);
  expect(open[0]).toEqual({ number: 1, cells: ['a,"始まり'], problem: 'a quote in column 2 is not closed' });
});

test('a row longer than any row is told, in bounded memory, and the next is read', async () => {
  async function* text() {
    yield 'a,"';
    for (let at = 0; at < 40; at++) yield 'x'.repeat(100_000);
    yield '\nb,c\n';
  }
  const problems: (string | undefined)[] = [];
  for await (const { problem } of csvRows(text(), ',')) problems.push(problem);
  expect(problems[0]).toBe('a quote in column 2 is not closed');
  expect(problems.at(-1)).toBeUndefined();
});

test.each([
  ['a,b\n1,"x;y;z"\n2,3\n', ','],
  ['a\tb\n"1,5"\t2\n3,5\t4\n', '\t'],
  ['a;b;c\n1,5;2;3\n4,5;5;6\n', ';'],
  ['a|b\n1|2\n', '|'],
  ['一列だけ\n良い\n', ','],
])('the delimiter of %j is %j', async (text, delimiter) => {
  expect(await detectDelimiter(text)).toBe(delimiter);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Line, lineBatches } from '../../../src/cli/line-batches.ts';

async function read(chunks: readonly Buffer[], maxLines = 100, maxBytes = 100): Promise<Line[][]> {
  const batches: Line[][] = [];
  const input = (async function* () {
    yield* chunks;
  })();
  for await (const batch of lineBatches(input, maxLines, maxBytes)) batches.push(batch);
  return batches;
}

const texts = (batches: Line[][]) => batches.flat().map(({ bytes }) => bytes.toString());

test('lines are the same however the bytes arrive', async () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll(/[\r\n]/g, ''));
  const law = fc.asyncProperty(fc.array(line), fc.array(fc.nat(40)), async (lines, cuts) => {
    const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
    const chunks: Buffer[] = [];
    let from = 0;
    for (const cut of cuts) {
      chunks.push(bytes.subarray(from, from + cut));
      from += cut;
    }
    chunks.push(bytes.subarray(from));
    expect(texts(await read(chunks, 3, 1000))).toEqual(lines);
  });
  await fc.assert(law, { numRuns: 100 });
});

test('a last line without a line feed counts; Windows line ends are cut', async () => {
  expect(texts(await read([Buffer.from('a\r\nb')]))).toEqual(['a', 'b']);
});

test('lines are numbered from 1, empty ones too', async () => {
  const batches = await read([Buffer.from('a\n\nb\n')]);
  expect(batches.flat().map(({ number }) => number)).toEqual([1, 2, 3]);
});

test('what has arrived is handed on without waiting for a full batch', async () => {
  expect(await read([Buffer.from('a\nb'), Buffer.from('c\n')])).toHaveLength(2);
});

test('a line that is too long is marked, cut and followed by the next', async () => {
  const [long, next] = (await read([Buffer.alloc(5000, 'x'), Buffer.from('y\nnext\n')], 10, 100)).flat();
  expect(long).toMatchObject({ tooLong: true, number: 1 });
  expect(long?.bytes.length).toBe(101);
  expect(next).toMatchObject({ tooLong: false, number: 2 });
});

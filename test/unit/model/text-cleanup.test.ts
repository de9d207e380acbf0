import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { cleanupTableSchema, createTextCleanup } from '../../../src/model/text-cleanup.ts';
import { packageRoot } from '../../../src/runtime/package-root.ts';

let cleanUp: (text: string) => string;

beforeAll(async () => {
  const table = await readFile(join(packageRoot(), 'models/encoder/textnorm.json'), 'utf8');
  cleanUp = createTextCleanup(cleanupTableSchema.parse(JSON.parse(table)));
});

test('cleans exactly as the text was cleaned that the encoder was trained on', async () => {
  const golden: unknown = JSON.parse(await readFile(new URL('text-cleanup.golden.json', import.meta.url), 'utf8'));
  const vectors = golden as { input: string; cleaned: string }[];
  expect(vectors.length).toBeGreaterThan(200);
  expect(vectors.map(({ input }) => ({ input, cleaned: cleanUp(input) }))).toEqual(vectors);
});

test('is linear in the length of the text', () => {
  const hostile = ['w', ' ', 'あ', '(', '😀', '<', '\ud800', '(^', 'wW.', 'é', '\u200b '];
  const started = performance.now();
  for (const text of hostile) cleanUp(text.repeat(100_000));
  expect(performance.now() - started).toBeLessThan(5000);
});

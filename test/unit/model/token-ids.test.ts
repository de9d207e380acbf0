import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEncoder } from '../../../src/model/encoder.ts';
import { openModelFolder } from '../../../src/model/model-folder.ts';
import { cleanupTableSchema, createTextCleanup } from '../../../src/model/text-cleanup.ts';
import { packageRoot } from '../../../src/runtime/package-root.ts';

test('texts have the ids that the encoder was trained with', async () => {
  const folder = await openModelFolder(join(packageRoot(), 'models/encoder'));
  if (folder === undefined) throw new Error('the repository has no model');
  const cleanUp = createTextCleanup(folder.json('textnorm.json', cleanupTableSchema));
  const { encode } = await openEncoder(folder, 'vector');
  // Made by test/support/token-ids.
  const golden = process.env.KOE_TEST_TOKEN_IDS ?? new URL('token-ids.golden.json', import.meta.url);
  const rows = JSON.parse(await readFile(golden, 'utf8')) as { text: string; ids: number[] }[];
  expect(rows.length).toBeGreaterThanOrEqual(300);
  const different = rows.filter(({ text, ids }) => encode(cleanUp(text)).pieces.join() !== ids.join());
  expect(different.map(({ text, ids }) => ({ text, ids, found: encode(cleanUp(text)).pieces }))).toEqual([]);
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/app/analyzer.ts';
import { watchTenantDictionaries } from '../../../src/app/tenant-dictionaries.ts';
import { dictionaryHistory, importDictionary, showDictionary, useDictionary } from '../../../src/cli/dictionary.ts';
import { parseDictionary, type TenantDictionary } from '../../../src/domain/dictionary.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { addDictionary, dictionaryVersions, readDictionary } from '../../../src/store/dictionaries.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { startTestMongo, type TestMongo } from '../../support/mongo.ts';
import { silentLogger } from '../../support/silent-logger.ts';
import { until } from '../../support/until.ts';

let mongo: TestMongo;
let database: Database;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const name = `koe-test-${Math.random().toString(36).slice(2)}`;

beforeAll(async () => {
  [mongo, folder] = await Promise.all([startTestMongo(), temporaryFolder()]);
  database = await openDatabase({ uri: mongo.uri, database: name });
});

afterAll(async () => {
  await database.drop();
  await database.close();
  await Promise.all([mongo.close(), folder.remove()]);
});

function terminal() {
  const said: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      said.push(String(chunk));
      done();
    },
  });
  const environment = {
    MONGODB_URI: mongo.uri,
    KOE_MONGODB_DATABASE: name,
    KOE_PSEUDONYM_KEY: '0123456789abcdef'.repeat(4),
  };
  return { environment, input: (async function* () {})(), output: stream, errors: stream, said: () => said.join('') };
}

test('a file is imported, shown, listed and taken back into use', async () => {
  const [first, second] = [join(folder.path, '1.yaml'), join(folder.path, '2.yaml')];
  await writeFile(first, 'words: [コエペイ]\nsynonyms: [[配送, コエ便]]\n');
  await writeFile(second, 'words: [{ word: コエペイ, reading: コエペイ }]\n');
  const tenant = 'cli';
  expect(await importDictionary(first, { tenant }, terminal())).toBe(0);
  expect(await importDictionary(second, { tenant }, terminal())).toBe(0);
  expect(await useDictionary(1, { tenant }, terminal())).toBe(0);
  const shown = terminal();
  expect(await showDictionary({ tenant }, shown)).toBe(0);
  expect(shown.said()).toContain('version 3');
  expect(shown.said()).toContain('コエ便');
  const listed = terminal();
  expect(await dictionaryHistory({ tenant }, listed)).toBe(0);
  expect(listed.said().split('\n').filter(Boolean)).toEqual([
    expect.stringMatching(/^3 .*version 1 again$/),
    expect.stringMatching(/^2 .*1 words, 0 groups/),
    expect.stringMatching(/^1 .*1 words, 1 groups/),
  ]);
  expect(await useDictionary(9, { tenant }, terminal())).toBe(1);
  expect(await showDictionary({ tenant: 'nobody' }, terminal())).toBe(1);
});

test('a bad file is refused with the entry and the field, and nothing is stored', async () => {
  const file = join(folder.path, 'bad.yaml');
  await writeFile(file, 'words:\n  - { word: コエ, reading: koe }\n');
  await expect(importDictionary(file, { tenant: 'bad' }, terminal())).rejects.toThrow(
    'words[0].reading: must be katakana',
  );
  await writeFile(file, 'words: [コエ\n');
  await expect(importDictionary(file, { tenant: 'bad' }, terminal())).rejects.toThrow(file);
  expect(await readDictionary(database, 'bad')).toBeUndefined();
});

test('versions added at once are all kept, one after another', async () => {
  const content = parseDictionary({ words: ['コエペイ'] });
  const added = await Promise.all(
    Array.from({ length: 5 }, () => addDictionary(database, 'busy', content, { by: 'me' })),
  );
  expect(added.sort()).toEqual([1, 2, 3, 4, 5]);
  expect((await dictionaryVersions(database)).get('busy')).toBe(5);
});

test('a newer version is taken up within five seconds', async () => {
  const watched = await watchTenantDictionaries(database, silentLogger);
  try {
    expect(watched.of('late')).toBeUndefined();
    await addDictionary(database, 'late', parseDictionary({ words: ['コエペイ'] }), { by: 'me' });
    await until('version 1 is taken up', () => watched.of('late')?.version === 1, 5000);
    await addDictionary(database, 'late', parseDictionary({}), { by: 'me' });
    await until('version 2 is taken up', () => watched.of('late')?.version === 2, 5000);
  } finally {
    await watched.stop();
  }
});

test("texts are read with their own tenant's dictionary, the newest it was sent", async () => {
  const analyzer = await createAnalyzer({
    processes: 1,
    modelDir: 'none',
    textTimeoutMs: 20_000,
    pipelineVersion: '1',
  });
  const dictionary = (tenant: string, version: number, words: readonly string[]): TenantDictionary => ({
    tenant,
    version,
    words: [],
    synonyms: words.length > 0 ? [words] : [],
  });
  const topics = async (dictionaries: readonly (TenantDictionary | undefined)[]) => {
    const results = await analyzer.analyze(dictionaries.map((dictionary) => ({ text: 'コエトブが遅い', dictionary })));
    return results.map((result) => {
      if ('failure' in result) throw new Error(result.detail);
      return result.analysis.topics.some(({ id }) => id === 'delivery');
    });
  };
  try {
    const [a1, b1] = [dictionary('a', 1, ['配送', 'コエトブ']), dictionary('b', 1, ['値段', 'コエトブ'])];
    expect(await topics([undefined, a1, b1])).toEqual([false, true, false]);
    expect(await topics([a1, undefined])).toEqual([true, false]);
    expect(await topics([dictionary('a', 2, []), b1])).toEqual([false, false]);
    expect(await topics([a1])).toEqual([true]);
  } finally {
    await analyzer.close();
  }
});

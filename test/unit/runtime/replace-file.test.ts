import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FileExistsError, replaceFile } from '../../../src/runtime/replace-file.ts';
import { temporaryFolder } from '../../support/folder.ts';

async function* pieces(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await temporaryFolder();
  try {
    await use(folder.path);
  } finally {
    await folder.remove();
  }
}

test('a file is there as a whole, and nothing beside it', () =>
  inFolder(async (folder) => {
    await replaceFile(join(folder, 'a.csv'), pieces('a', 'b'), { force: false });
    expect(await readdir(folder)).toEqual(['a.csv']);
    expect(await readFile(join(folder, 'a.csv'), 'utf8')).toBe('ab');
  }));

test('one that is there stays, unless it is to be replaced', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'a.csv');
    await writeFile(path, 'old');
    await expect(replaceFile(path, pieces('new'), { force: false })).rejects.toThrow(FileExistsError);
    expect(await readFile(path, 'utf8')).toBe('old');
    await replaceFile(path, pieces('new'), { force: true });
    expect(await readFile(path, 'utf8')).toBe('new');
  }));

test('one that appears while it is written stays', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'a.csv');
    async function* slow() {
      yield Buffer.from('new');
      await writeFile(path, 'of somebody else');
    }
    await expect(replaceFile(path, slow(), { force: false })).rejects.toThrow(FileExistsError);
    expect(await readdir(folder)).toEqual(['a.csv']);
    expect(await readFile(path, 'utf8')).toBe('of somebody else');
  }));

test('a fault or a stop on the way leaves nothing', () =>
  inFolder(async (folder) => {
    async function* failing() {
      yield Buffer.from('half');
      throw new Error('away');
    }
    await expect(replaceFile(join(folder, 'a.csv'), failing(), { force: false })).rejects.toThrow('away');
    const signal = AbortSignal.abort();
    await expect(replaceFile(join(folder, 'a.csv'), pieces('a'), { force: false, signal })).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
    await mkdir(join(folder, 'sub'));
    await expect(replaceFile(join(folder, 'none', 'a.csv'), pieces('a'), { force: false })).rejects.toThrow('ENOENT');
  }));

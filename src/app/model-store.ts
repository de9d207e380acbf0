import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { defaultModel, type Settings } from '../config/settings.ts';
import { packageRoot } from '../runtime/package-root.ts';
import { fetchModel } from './fetch-model.ts';

const inUseSchema = z.strictObject({ version: z.string().min(1) });

/** Where the versions of the model that were made here are kept: one folder each, under its name. */
export interface ModelStore {
  /** Versions made here, by name. */
  versions(): Promise<readonly string[]>;
  /** Folder of a version. */
  folderOf(version: string): string;
  /** The version that takes the place of the shipped model, if any. */
  inUse(): Promise<string | undefined>;
  /** Takes a version into use; undefined goes back to the shipped one. */
  use(version: string | undefined): Promise<void>;
  /** Makes a version of files: paths to copy from, or contents. All or nothing; one that is there is left alone. */
  add(version: string, files: ReadonlyMap<string, { readonly from: string } | Buffer>): Promise<void>;
}

/** The store in koe's data folder. */
export function openModelStore({ KOE_DATA_DIR }: Pick<Settings, 'KOE_DATA_DIR'>): ModelStore {
  const root = resolve(KOE_DATA_DIR, 'models');
  const marker = join(root, 'in-use.json');
  const folderOf = (version: string) => join(root, version);
  return {
    folderOf,
    async versions() {
      const entries = await readdir(root, { withFileTypes: true }).catch(none([]));
      return entries
        .filter((entry) => entry.isDirectory() && entry.name.includes('@'))
        .map(({ name }) => name)
        .sort();
    },
    async inUse() {
      const text = await readFile(marker, 'utf8').catch(none(undefined));
      return text === undefined ? undefined : inUseSchema.parse(JSON.parse(text)).version;
    },
    async use(version) {
      if (version === undefined) return await rm(marker, { force: true });
      await mkdir(root, { recursive: true });
      await writeFile(`${marker}.new`, `${JSON.stringify({ version })}\n`);
      await rename(`${marker}.new`, marker);
    },
    async add(version, files) {
      const partial = join(root, `partial-${process.pid}`);
      for (const [name, content] of files) {
        const path = join(partial, name);
        await mkdir(dirname(path), { recursive: true });
        if (Buffer.isBuffer(content)) await writeFile(path, content);
        else await copyFile(content.from, path, constants.COPYFILE_FICLONE);
      }
      await rename(partial, folderOf(version)).catch(async (error: unknown) => {
        await rm(partial, { recursive: true });
        if (!isCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
      });
    },
  };
}

/** The folder of the model that koe brings. */
export function shippedModel(): string {
  return join(packageRoot(), defaultModel);
}

/**
 * The folder of the model that the settings name, `none`, or that of the version in use in place of the shipped model. A
 * relative KOE_MODEL is a folder of koe's own, `hub:OWNER/NAME` a model that is downloaded once.
 *
 * @param instead leaves the version in use out of account
 * @throws DependencyError when a model would have to be downloaded and cannot be
 */
export async function modelFolderOf(settings: Settings, instead?: 'shipped'): Promise<string> {
  const { KOE_MODEL: model } = settings;
  if (model === 'none' || isAbsolute(model)) return model;
  if (model.startsWith('hub:')) return await fetchModel(model.slice('hub:'.length), settings);
  const store = openModelStore(settings);
  const version = model === defaultModel && instead === undefined ? await store.inUse() : undefined;
  return version === undefined ? join(packageRoot(), model) : store.folderOf(version);
}

function none<Value>(value: Value): (error: unknown) => Value {
  return (error) => {
    if (isCode(error, 'ENOENT')) return value;
    throw error;
  };
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

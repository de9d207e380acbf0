import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The folder that keeps what tests download, outside the checkout: `KOE_TEST_CACHE`, or one in the user's cache. */
export function cacheFolder(): string {
  const userCache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return process.env.KOE_TEST_CACHE ?? join(userCache, 'koe-test');
}

/**
 * Makes a file or folder once, whoever else is making the same at the same time: it is made under another name and
 * appears complete. Resolves with its path.
 */
export async function makeOnce(path: string, make: (draft: string) => Promise<unknown>): Promise<string> {
  if (existsSync(path)) return path;
  const draft = `${path}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(path), { recursive: true });
  try {
    await make(draft);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(path)) throw error;
  }
  return path;
}

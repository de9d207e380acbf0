import { randomUUID } from 'node:crypto';
import { link, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A file of this name is there already, and may not be replaced. */
export class FileExistsError extends Error {}

/** How a file is written. */
export interface ReplaceFileOptions {
  /** Replace one that is there. */
  readonly force: boolean;
  /** Gives up, and leaves what was there. */
  readonly signal?: AbortSignal;
}

/**
 * Writes a file as a whole or not at all: into another one beside it, which takes its name when everything is on disk.
 *
 * @throws FileExistsError; whatever the pieces throw; what the file system or the signal says
 */
export async function replaceFile(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  { force, signal }: ReplaceFileOptions,
): Promise<void> {
  if (!force && (await exists(path))) throw new FileExistsError(`${path} exists`);
  const partial = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
  const file = await open(partial, 'wx');
  try {
    try {
      for await (const piece of pieces) {
        signal?.throwIfAborted();
        await file.writeFile(piece);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    signal?.throwIfAborted();
    await (force ? rename(partial, path) : takeName(partial, path));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** A link is made only where nothing is; some file systems have none. */
async function takeName(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new FileExistsError(`${path} exists`, { cause: error });
    if (await exists(path)) throw new FileExistsError(`${path} exists`, { cause: error });
    await rename(partial, path);
    return;
  }
  await rm(partial);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

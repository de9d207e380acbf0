import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Thrown when another live process keeps its data in the folder. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError';
  readonly folder: string;
  /** The process that holds it. */
  readonly owner: number;

  constructor(folder: string, owner: number) {
    super(`the data folder ${folder} is in use by process ${owner}: stop it or choose another folder`);
    this.folder = folder;
    this.owner = owner;
  }
}

interface Owner {
  readonly pid: number;
  /** When that process started, as the system counts it; null where the system does not tell. */
  readonly startedAt: string | null;
}

/**
 * Takes the lock of a data folder: a file that names the process that owns it.
 *
 * A lock whose process is gone (killed, or its number given to another process) is taken over.
 *
 * @returns how to give the lock back
 * @throws FolderLockedError when the owner is alive
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock');
  const draft = join(folder, `lock.${process.pid}`);
  const mine = JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) } satisfies Owner);
  writeFileSync(draft, mine);
  try {
    // A hard link appears with its whole content or not at all, and never replaces an existing lock.
    while (!tryLink(draft, path)) removeStale(path, folder);
  } finally {
    rmSync(draft, { force: true });
  }
  const release = () => {
    process.off('exit', release);
    rmSync(path, { force: true });
  };
  process.once('exit', release); // a process or thread that ends without closing leaves no lock behind
  return release;
}

function removeStale(path: string, folder: string): void {
  const found = readIfThere(path);
  if (found === undefined) return;
  const owner = parseOwner(found);
  if (owner !== undefined && isAlive(owner)) throw new FolderLockedError(folder, owner.pid);
  // Another process may do the same right now and hold a fresh lock already: look at what was really moved.
  const moved = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, moved);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  if (readIfThere(moved) !== found) tryLink(moved, path);
  rmSync(moved, { force: true });
}

function isAlive({ pid, startedAt }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = startOf(pid);
  return startedAt === null || now === null || now === startedAt;
}

/** The start time of a process from Linux's /proc (proc_pid_stat(5), field 22); null elsewhere. */
function startOf(pid: number): string | null {
  const stat = readIfThere(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses and may hold spaces; 20 fields lie between it and ours.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, startedAt } = JSON.parse(text) as Partial<Owner>;
    return typeof pid === 'number' && pid > 0 ? { pid, startedAt: startedAt ?? null } : undefined;
  } catch {
    return undefined; // a power cut can leave an empty file: nobody's lock
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

import type { ChildProcess } from 'node:child_process';
import type { Settings } from '../config/settings.ts';
import { DependencyError } from '../domain/dependency-error.ts';
import { startChild } from '../runtime/child-process.ts';
import { modelFolderOf } from './model-store.ts';

/** Sentence vectors of texts, same length and order; undefined where there is no model. Throws DependencyError. */
export type TextVectors = (texts: readonly string[]) => Promise<readonly Float32Array[] | undefined>;

const startMs = 60_000;
/** More than a long text takes on a busy core. */
const textMs = 1_000;
/** Some 8 MB. */
const mostKept = 5_000;
const heapMb = 512;

/**
 * Computes vectors by the encoder that the settings name, in a process that is started when they are asked for and ends
 * with the answer; one question after the other. Vectors are kept, so that the same period asked again costs nothing.
 */
export function createTextVectors(settings: Settings): TextVectors {
  const kept = new Map<string, Float32Array>();
  let before: Promise<unknown> = Promise.resolve();
  const compute = async (texts: readonly string[]) => {
    const missing = [...new Set(texts)].filter((text) => !kept.has(text));
    if (missing.length > 0) {
      const modelDir = await modelFolderOf(settings);
      const vectors = modelDir === 'none' ? null : await askProcess(modelDir, missing);
      if (vectors === null) return undefined;
      for (const [at, text] of missing.entries()) kept.set(text, vectors[at] ?? new Float32Array());
    }
    const found = texts.map((text) => kept.get(text) ?? new Float32Array());
    for (const text of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(text);
    }
    return found;
  };
  return (texts) => {
    const answer = before.then(() => compute(texts));
    before = answer.catch(() => undefined);
    return answer;
  };
}

async function askProcess(modelDir: string, texts: readonly string[]): Promise<readonly Float32Array[] | null> {
  const child = startChild('vectors', { arguments: [modelDir], heapMb });
  // Nobody reads what it writes; a pipe that is full would stop it.
  child.stderr?.resume();
  try {
    await messageOf(child, startMs);
    const answered = messageOf(child, texts.length * textMs);
    child.send(texts);
    return (await answered) as readonly Float32Array[] | null;
  } finally {
    child.kill('SIGKILL');
  }
}

/** The next message of a process. @throws DependencyError when it ends or keeps silent */
function messageOf(child: ChildProcess, limitMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (problem: string) => reject(new DependencyError('model', 'transient', `sentence vectors: ${problem}`));
    const limit = setTimeout(() => fail(`no answer within ${limitMs} ms`), limitMs);
    child.once('message', resolve);
    child.once('exit', (code, signal) => fail(`their process ended with ${signal ?? `code ${code}`}`));
    child.once('error', (error) => fail(error.message));
    for (const event of ['message', 'exit', 'error']) child.once(event, () => clearTimeout(limit));
  });
}

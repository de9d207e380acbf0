import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../runtime/package-root.ts';
import { type Phrase, parsePhrases } from './phrase-book.ts';

/** Reads the phrases that koe brings, written for it. */
export async function loadPhrases(): Promise<Phrase[]> {
  return parsePhrases(await readFile(join(packageRoot(), 'models/world/phrases.tsv'), 'utf8'));
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/runtime/package-root.ts';

/** `dev` is looked at while rules are written, `held-out` is not. */
export const halves = ['dev', 'held-out'] as const;
export type Half = (typeof halves)[number];

/** Rows of a gold file, `<name>.<half>.tsv`, in columns; lines that begin with # are comments. */
export function readGold(name: string, half: Half): string[][] {
  const tsv = readFileSync(join(packageRoot(), `test/quality/gold/${name}.${half}.tsv`), 'utf8');
  return tsv
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'));
}

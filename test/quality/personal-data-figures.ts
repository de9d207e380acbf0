import type { Masker } from '../../src/text/personal-data/masker.ts';
import { type Half, readGold } from './gold-file.ts';

/** How many marked pieces of one kind were found exactly, and how many were found that are not marked. */
export interface KindFigures {
  readonly kind: string;
  readonly marked: number;
  readonly found: number;
  readonly wrong: number;
}

/** Figures of one half of the gold file. */
export interface PersonalDataFigures {
  readonly kinds: readonly KindFigures[];
  readonly all: KindFigures;
  /** Look-alikes that must stay. */
  readonly lookAlikes: number;
  /** What is not as marked, to be read by whoever works on the rules. */
  readonly mistakes: readonly string[];
}

/** Masks every text of a half and compares, exact to the character, with what is marked. */
export function personalDataFigures(half: Half, masker: Masker): PersonalDataFigures {
  const counts = new Map<string, { marked: number; found: number; wrong: number }>();
  const of = (kind: string) => {
    const count = counts.get(kind) ?? { marked: 0, found: 0, wrong: 0 };
    counts.set(kind, count);
    return count;
  };
  const mistakes: string[] = [];
  let lookAlikes = 0;
  for (const [id = '', line = ''] of readGold('personal-data', half)) {
    const { text, marks } = parse(line);
    const found = new Set(
      masker.find(text).map(({ kind, span }) => `${kind} ${text.slice(span.start, span.end)} ${span.start}`),
    );
    for (const { kind, words, start } of marks) {
      if (kind === '-') {
        lookAlikes += 1;
        continue;
      }
      of(kind).marked += 1;
      if (found.delete(`${kind} ${words} ${start}`)) of(kind).found += 1;
      else mistakes.push(`${id} missed ${kind} ${words}`);
    }
    for (const wrong of found) {
      of(wrong.slice(0, wrong.indexOf(' '))).wrong += 1;
      mistakes.push(`${id} took ${wrong}`);
    }
  }
  const kinds = [...counts].map(([kind, count]) => ({ kind, ...count })).sort((a, b) => (a.kind < b.kind ? -1 : 1));
  const sum = (field: 'marked' | 'found' | 'wrong') => kinds.reduce((total, count) => total + count[field], 0);
  const all = { kind: 'all', marked: sum('marked'), found: sum('found'), wrong: sum('wrong') };
  return { kinds, all, lookAlikes, mistakes };
}

/** Share of the marked pieces that were found. */
export function recall({ marked, found }: KindFigures): number {
  return marked === 0 ? 1 : found / marked;
}

/** Share of what was found that is marked. */
export function precision({ found, wrong }: KindFigures): number {
  return found + wrong === 0 ? 1 : found / (found + wrong);
}

function parse(line: string): { text: string; marks: { kind: string; words: string; start: number }[] } {
  const marks: { kind: string; words: string; start: number }[] = [];
  let text = '';
  for (const part of line.replaceAll('\\n', '\n').split(/(⟦[^⟧]{1,500}⟧)/)) {
    const mark = /^⟦([a-z-]{1,30}):([^⟧]{1,500})⟧$/.exec(part);
    const [, kind = '', words = part] = mark ?? [];
    if (mark !== null) marks.push({ kind, words, start: text.length });
    text += words;
  }
  return { text, marks };
}

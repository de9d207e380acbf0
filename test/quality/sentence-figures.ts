import { alignText } from '../../src/text/aligned-text.ts';
import { splitSentences } from '../../src/text/sentences.ts';
import { type Half, readGold } from './gold-file.ts';

/** How many texts are cut exactly where the gold says, and those that are not. */
export interface SentenceFigures {
  readonly cases: number;
  readonly right: number;
  readonly mistakes: readonly string[];
}

/** Cuts the texts of the gold as the pipeline does: normalised, with spans led back to the original. */
export function sentenceFigures(half: Half): SentenceFigures {
  const rows = readGold('sentences', half);
  const mistakes = rows.flatMap(([, marked = '']) => {
    const raw = marked.replaceAll('\\r', '\r').replaceAll('\\n', '\n');
    const expected = raw.split('‖').map((sentence) => sentence.trim());
    const text = raw.replaceAll('‖', '');
    const aligned = alignText(text, { joinWords: true });
    const found = splitSentences(aligned.normalized)
      .map((span) => aligned.toOriginal(span))
      .map(({ start, end }) => text.slice(start, end));
    return JSON.stringify(found) === JSON.stringify(expected) ? [] : [`${marked}: found ${found.join('‖')}`];
  });
  return { cases: rows.length, right: rows.length - mistakes.length, mistakes };
}

import { z } from 'zod';
import { PhraseMatcher } from './phrase-matcher.ts';

/** Evaluative expressions with their polarity from -1 to 1. */
export interface Lexicon {
  readonly version: string;
  readonly size: number;
  readonly matcher: PhraseMatcher<number>;
}

const polarity = z.coerce
  .number()
  .min(-1)
  .max(1)
  .refine((value) => value !== 0, { message: 'must not be zero' });
const partOfSpeech = z.enum(['名詞', '動詞', '形容詞', '副詞', '感動詞', '助動詞', '連体詞', '接頭詞']);
const entry = z.union([z.tuple([z.string().min(1), polarity]), z.tuple([z.string().min(1), polarity, partOfSpeech])]);

/**
 * Reads a lexicon: tab-separated lines of expression (words joined, the last in dictionary form), polarity and,
 * where the expression is ambiguous, part of speech of its last word. `#` begins a comment; one comment must be
 * `# version: X`.
 *
 * @throws Error naming the line and the column that is wrong
 */
export function parseLexicon(tsv: string): Lexicon {
  const version = /^# version: (\S+)$/m.exec(tsv)?.[1];
  if (version === undefined) throw new Error('has no line "# version: X"');
  const phrases = [];
  const seen = new Map<string, number>();
  for (const [index, line] of tsv.split(/\r?\n/).entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const parsed = entry.safeParse(line.split('\t'));
    if (!parsed.success) {
      throw new Error(
        `line ${index + 1} must be expression, polarity from -1 to 1 and perhaps part of speech: ${line}`,
      );
    }
    const [text, value, part] = parsed.data;
    const key = `${text}\t${part ?? ''}`;
    if (seen.has(key)) throw new Error(`line ${index + 1} repeats line ${seen.get(key)}: ${text}`);
    seen.set(key, index + 1);
    phrases.push({ text, value, partOfSpeech: part });
  }
  return { version, size: phrases.length, matcher: new PhraseMatcher(phrases) };
}

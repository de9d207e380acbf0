import type { Span } from '../domain/span.ts';

/** Longest passage in UTF-16 units: what a model of 128 pieces reads of ordinary Japanese, with some room. */
const longest = 180;

/**
 * Cuts a text of several sentences into passages of whole sentences, as few as possible and about equally long, so that
 * the model reads sentences together with those around them.
 *
 * @returns ranges in order; none for a text of one sentence, of which its sentence tells all
 */
export function passagesOf(sentences: readonly Span[]): Span[] {
  const first = sentences[0];
  const last = sentences.at(-1);
  if (first === undefined || last === undefined || sentences.length < 2) return [];
  const whole = last.end - first.start;
  const size = whole / Math.ceil(whole / longest);
  const passages: Span[] = [];
  let start = first.start;
  let end = first.start;
  for (const sentence of sentences) {
    const tooLong = sentence.end - start > longest;
    const full = sentence.end - start > size && sentence.end - start - size > size - (end - start);
    if (end > start && (tooLong || full)) {
      passages.push({ start, end });
      start = sentence.start;
    }
    end = sentence.end;
  }
  return [...passages, { start, end }];
}

/**
 * Passages of a text as they are read under its title: in front of the first if both fit together, else by itself. A
 * title that only repeats how the text begins, or has no words, tells nothing.
 */
export function underTitle(title: string | undefined, passages: readonly string[], text: string): readonly string[] {
  const words = title?.trim().replace(/[.。…]{1,9}$/u, '') ?? '';
  if (!/\p{L}/u.test(words) || text.trimStart().startsWith(words)) return passages;
  const [first = text, ...rest] = passages;
  const joined = `${words}。${first}`;
  return joined.length <= longest ? [joined, ...rest] : [words, first, ...rest];
}

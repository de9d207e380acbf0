import type { Dice } from './dice.ts';

/** What a phrase does with its theme: criticises, praises, asks, or none of these. */
export const phraseStances = ['-', '+', '?', '0'] as const;
export type PhraseStance = (typeof phraseStances)[number];

/** One sentence or a few, with slots in braces. */
export interface Phrase {
  readonly theme: string;
  readonly stance: PhraseStance;
  readonly words: string;
}

/** Phrases by theme and stance. */
export interface PhraseBook {
  readonly phrases: readonly Phrase[];
  /** The words of a phrase; one comes again only when all others have come. Throws RangeError if there are none. */
  draw(theme: string, stance: PhraseStance, dice: Dice): string;
}

/**
 * Reads phrases from lines of theme, stance and words with tabs in between; the first line holds headings.
 *
 * @throws Error that names the first bad line
 */
export function parsePhrases(text: string): Phrase[] {
  const [, ...lines] = text.trimEnd().split('\n');
  return lines.map((line, at) => {
    const [theme = '', given, words = '', ...rest] = line.split('\t');
    const stance = phraseStances.find((one) => one === given);
    if (theme === '' || stance === undefined || words === '' || rest.length > 0)
      throw new Error(`line ${at + 2} is no phrase: ${line}`);
    return { theme, stance, words };
  });
}

/** A book that begins with nothing drawn, so that the same dice draw the same phrases. */
export function openPhraseBook(phrases: readonly Phrase[]): PhraseBook {
  const kept = new Map<string, string[]>();
  for (const { theme, stance, words } of phrases) {
    const key = theme + stance;
    kept.set(key, [...(kept.get(key) ?? []), words]);
  }
  const left = new Map<string, string[]>();
  return {
    phrases,
    draw(theme, stance, dice) {
      const key = theme + stance;
      let bag = left.get(key) ?? [];
      if (bag.length === 0) bag = [...(kept.get(key) ?? [])];
      const words = dice.pick(bag);
      bag.splice(bag.indexOf(words), 1);
      left.set(key, bag);
      return words;
    },
  };
}

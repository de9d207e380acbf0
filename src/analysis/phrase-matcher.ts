import type { Token } from '../text/tokenizer.ts';

/** A phrase to look for. */
export interface Phrase<T> {
  /** Surfaces of the words joined, the last one in surface or dictionary form: 気が利く, 使いやすい, 👍. */
  readonly text: string;
  /** Part of speech the last word must have, if the phrase is ambiguous without it. */
  readonly partOfSpeech?: string | undefined;
  readonly value: T;
}

/** A phrase found at the tokens `[first, end)`. */
export interface PhraseMatch<T> {
  readonly first: number;
  readonly end: number;
  readonly values: readonly T[];
}

/** More words than any phrase has. */
const longestPhrase = 10;

/** Finds many phrases in tokens at once; the longest one at a place wins and consumes its words. */
export class PhraseMatcher<T> {
  readonly #phrases = new Map<string, Phrase<T>[]>();
  readonly #beginnings = new Set<string>();

  constructor(phrases: Iterable<Phrase<T>>) {
    for (const phrase of phrases) {
      const same = this.#phrases.get(phrase.text);
      if (same === undefined) this.#phrases.set(phrase.text, [phrase]);
      else same.push(phrase);
      for (let length = 1; length < phrase.text.length; length += 1) {
        this.#beginnings.add(phrase.text.slice(0, length));
      }
    }
  }

  /** Matches in order, without overlaps. */
  find(tokens: readonly Token[]): PhraseMatch<T>[] {
    const matches: PhraseMatch<T>[] = [];
    let first = 0;
    while (first < tokens.length) {
      const match = this.#longestAt(tokens, first);
      if (match !== undefined) matches.push(match);
      first = match?.end ?? first + 1;
    }
    return matches;
  }

  #longestAt(tokens: readonly Token[], first: number): PhraseMatch<T> | undefined {
    let longest: PhraseMatch<T> | undefined;
    let before = '';
    const limit = Math.min(tokens.length, first + longestPhrase);
    for (let index = first; index < limit; index += 1) {
      const token = tokens[index];
      if (token === undefined) break;
      const phrases = this.#lookUp(before + token.surface, token) ?? this.#lookUp(before + token.lemma, token);
      if (phrases !== undefined) longest = { first, end: index + 1, values: phrases.map((phrase) => phrase.value) };
      before += token.surface;
      if (!this.#beginnings.has(before)) break;
    }
    return longest;
  }

  #lookUp(text: string, last: Token): Phrase<T>[] | undefined {
    const phrases = this.#phrases.get(text);
    if (phrases === undefined) return undefined;
    const fitting = phrases.filter((phrase) => (phrase.partOfSpeech ?? last.partOfSpeech) === last.partOfSpeech);
    return fitting.length > 0 ? fitting : undefined;
  }
}

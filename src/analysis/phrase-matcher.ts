import { deniedForm } from '../text/inflection.ts';
import { isNegator } from '../text/predicate-form.ts';
import type { Token } from '../text/tokenizer.ts';

/** A phrase to look for. */
export interface Phrase<T> {
  /** Surfaces of the words joined, the last one in surface or dictionary form: 気が利く, 使いやすい, 👍, 問題ない. */
  readonly text: string;
  /** Part of speech the last word must have, if the phrase is ambiguous without it. */
  readonly partOfSpeech?: string | undefined;
  readonly value: T;
}

/** A phrase found at the tokens `[first, end)`. */
export interface PhraseMatch<T> {
  readonly first: number;
  readonly end: number;
  /** The phrase as it was given. */
  readonly text: string;
  readonly values: readonly T[];
}

/** More words than any phrase has. */
const longestPhrase = 10;

/**
 * Finds many phrases in tokens at once; the longest one at a place wins and consumes its words. A phrase with が is
 * found with の, は, も or nothing in its place (気の利く), one that ends in ない in every negative form (問題はありません).
 */
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
    // What the words so far may be the beginning of: as written, and with が where the particle may vary.
    let beginnings = [''];
    const limit = Math.min(tokens.length, first + longestPhrase);
    for (let index = first; index < limit && beginnings.length > 0; index += 1) {
      const token = tokens[index];
      if (token === undefined) break;
      for (const beginning of beginnings) {
        const match = this.#matchAt(tokens, first, index, token, beginning);
        if (match !== undefined && match.end > (longest?.end ?? 0)) longest = match;
      }
      beginnings = this.#continue(beginnings, token);
    }
    return longest;
  }

  #continue(beginnings: readonly string[], token: Token): string[] {
    const next: string[] = [];
    for (const beginning of beginnings) {
      const plain = beginning + token.surface;
      if (this.#beginnings.has(plain)) next.push(plain);
      if (beginning !== '' && varies.has(token.surface) && token.partOfSpeech === '助詞') {
        const varied = `${beginning}が`;
        if (varied !== plain && this.#beginnings.has(varied)) next.push(varied);
      }
      const joined = `${plain}が`;
      if (token.partOfSpeech === '名詞' && this.#beginnings.has(joined)) next.push(joined);
    }
    return next;
  }

  #matchAt(
    tokens: readonly Token[],
    first: number,
    index: number,
    last: Token,
    beginning: string,
  ): PhraseMatch<T> | undefined {
    const denied = deniedAt(tokens, index, last);
    if (denied !== undefined) {
      const found =
        this.#lookUp(beginning + denied.text, last) ?? this.#lookUp(beginning + denied.text, denied.negator);
      if (found !== undefined) return toMatch(found, first, denied.end);
    }
    if (beginning.endsWith('が') && last.surface === 'が') return undefined;
    // 破れ in 破れた is the verb and not the noun.
    const inflects = last.partOfSpeech === '動詞' || last.partOfSpeech === '形容詞';
    const [one, other] = inflects ? [last.lemma, last.surface] : [last.surface, last.lemma];
    const found = this.#lookUp(beginning + one, last) ?? this.#lookUp(beginning + other, last);
    return found === undefined ? undefined : toMatch(found, first, index + 1);
  }

  #lookUp(text: string, last: Token): Phrase<T>[] | undefined {
    const phrases = this.#phrases.get(text);
    if (phrases === undefined) return undefined;
    const fitting = phrases.filter((phrase) => (phrase.partOfSpeech ?? last.partOfSpeech) === last.partOfSpeech);
    return fitting.length > 0 ? fitting : undefined;
  }
}

const varies = new Set(['の', 'は', 'も']);

function toMatch<T>(phrases: readonly Phrase<T>[], first: number, end: number): PhraseMatch<T> {
  return { first, end, text: phrases[0]?.text ?? '', values: phrases.map(({ value }) => value) };
}

interface Denied {
  readonly text: string;
  readonly negator: Token;
  readonly end: number;
}

/** The plain negative of the word at `index` if it is denied there: 欠かせ|ません → 欠かせない, 問題|は|ない → 問題ない. */
function deniedAt(tokens: readonly Token[], index: number, word: Token): Denied | undefined {
  if (word.partOfSpeech !== '動詞' && word.partOfSpeech !== '名詞') return undefined;
  let at = index + 1;
  if (word.partOfSpeech === '名詞' && /^[はがもの]$/.test(tokens[at]?.surface ?? '')) at += 1;
  const exists = tokens[at]?.lemma;
  if (word.partOfSpeech === '名詞' && (exists === 'ある' || exists === 'ござる')) at += 1;
  if (tokens[at]?.lemma === 'ます') at += 1;
  const negator = tokens[at];
  if (negator === undefined || !isNegator(negator)) return undefined;
  const text = word.partOfSpeech === '名詞' ? `${word.surface}ない` : deniedForm(word);
  return { text, negator, end: at + 1 };
}

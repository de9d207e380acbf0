import type { DictionaryContent } from '../domain/dictionary.ts';
import { alignText } from './aligned-text.ts';
import type { Token, Tokenizer } from './tokenizer.ts';

interface Entry {
  /** The word that is counted. */
  readonly lemma: string;
  readonly reading: string | undefined;
}

/** A trie over UTF-16 units: each node leads from a unit to the next node. */
interface Node {
  readonly next: Map<number, Node>;
  entry?: Entry;
}

/** Words of a dictionary shorter than this, in UTF-16 units, are not looked for within unknown words. */
const shortestWithin = 3;

/**
 * Words of dictionaries, found in text as their longest match. Where dictionaries disagree the last one counts. Case and
 * width do not matter.
 */
export class UserDictionary {
  readonly #root: Node = { next: new Map() };
  readonly #counted = new Map<string, string>();

  constructor(dictionaries: readonly DictionaryContent[]) {
    for (const { synonyms } of dictionaries) {
      for (const [first = '', ...others] of synonyms) {
        this.#counted.delete(folded(first));
        for (const other of others) this.#counted.set(folded(other), normalized(first));
      }
    }
    for (const { words, synonyms } of dictionaries) {
      for (const text of synonyms.flat()) this.#add(text, undefined);
      for (const { word, reading } of words) this.#add(word, reading);
    }
  }

  /** The word that a word is counted as: the first of its synonyms, or itself. */
  canonicalLemma(word: string): string {
    let lemma = word;
    // A tenant may count as one what koe counts as one of something else; a few steps end in a circle too.
    for (let step = 0; step < 4; step += 1) {
      const next = this.#counted.get(folded(lemma));
      if (next === undefined) return lemma;
      lemma = next;
    }
    return lemma;
  }

  #add(text: string, reading: string | undefined): void {
    const word = normalized(text);
    let node = this.#root;
    for (const unit of unitsOf(word)) {
      let next = node.next.get(unit);
      if (next === undefined) {
        next = { next: new Map() };
        node.next.set(unit, next);
      }
      node = next;
    }
    node.entry = { lemma: this.canonicalLemma(word), reading: reading ?? node.entry?.reading };
  }

  /**
   * Merges the tokens of a normalised text into the dictionary's words by longest match. A word begins and ends where a
   * token does, or within a token that kuromoji does not know. Time is linear.
   */
  apply(tokens: readonly Token[], text: string): Token[] {
    const merged: Token[] = [];
    let index = 0;
    let at = 0;
    while (index < tokens.length) {
      const token = tokens[index];
      if (token === undefined) break;
      const found = this.#longestAt(tokens, index, Math.max(at, token.span.start), text);
      if (found === undefined) {
        const from = Math.max(at, token.span.start);
        const next = isUnknown(token) ? this.#nextWithin(tokens, index, from + 1, text) : undefined;
        merged.push(part(token, text, from, next ?? token.span.end));
        at = next ?? token.span.end;
        if (next === undefined) index += 1;
        continue;
      }
      merged.push(found.token);
      at = found.token.span.end;
      while (index < tokens.length && (tokens[index]?.span.end ?? 0) <= at) index += 1;
    }
    return merged;
  }

  /** Where within an unknown token the next word of the dictionary begins. */
  #nextWithin(tokens: readonly Token[], index: number, from: number, text: string): number | undefined {
    const end = tokens[index]?.span.end ?? 0;
    for (let start = from; start + shortestWithin <= end; start += 1) {
      if (this.#root.next.has(unitAt(text, start)) && this.#longestAt(tokens, index, start, text)) return start;
    }
    return undefined;
  }

  #longestAt(
    tokens: readonly Token[],
    index: number,
    start: number,
    text: string,
  ): { readonly token: Token } | undefined {
    const first = tokens[index];
    if (first === undefined) return undefined;
    const isWithin = start > first.span.start;
    let node = this.#root;
    let last = index;
    let token: Token | undefined;
    for (let end = start; end < text.length; ) {
      const next = node.next.get(unitAt(text, end));
      if (next === undefined) break;
      node = next;
      end += 1;
      while ((tokens[last]?.span.end ?? Number.POSITIVE_INFINITY) < end) last += 1;
      const covering = tokens[last];
      if (node.entry === undefined || covering === undefined) continue;
      if (isWithinLetters(text, start) || isWithinLetters(text, end)) continue;
      const cuts = isWithin || end < covering.span.end;
      if (cuts && (end - start < shortestWithin || (end < covering.span.end && !isUnknown(covering)))) continue;
      token = toToken(node.entry, text.slice(start, end), { start, end }, last === index && !cuts ? first : undefined);
    }
    return token === undefined ? undefined : { token };
  }
}

/** Cuts text with kuromoji, then by the words of dictionaries. */
export class UserDictionaryTokenizer implements Tokenizer {
  readonly #kuromoji: Tokenizer;
  readonly #contents: readonly DictionaryContent[];
  readonly #dictionary: UserDictionary;

  constructor(kuromoji: Tokenizer, contents: readonly DictionaryContent[]) {
    this.#kuromoji = kuromoji;
    this.#contents = contents;
    this.#dictionary = new UserDictionary(contents);
  }

  tokenize(text: string): Token[] {
    return this.#dictionary.apply(this.#kuromoji.tokenize(text), text);
  }

  /** The same with one more dictionary, which counts where they disagree. */
  extended(content: DictionaryContent): UserDictionaryTokenizer {
    return new UserDictionaryTokenizer(this.#kuromoji, [...this.#contents, content]);
  }
}

function isUnknown({ reading, partOfSpeech }: Token): boolean {
  return reading === undefined && partOfSpeech === '名詞';
}

/** Whether a place is between two ASCII letters or digits: LINE is no word of ONLINE. */
function isWithinLetters(text: string, index: number): boolean {
  return /^[A-Za-z0-9]{2}$/.test(text.slice(Math.max(0, index - 1), index + 1));
}

/** The word as a noun; a single token of the same extent keeps what kuromoji knows of it. */
function toToken({ lemma, reading }: Entry, surface: string, span: Token['span'], same: Token | undefined): Token {
  if (same !== undefined) return { ...same, lemma, reading: reading ?? same.reading };
  const partOfSpeech = '名詞';
  return { surface, lemma, partOfSpeech, detail: '一般', inflection: undefined, conjugation: undefined, reading, span };
}

/** A token, or what is left of an unknown one beside a word of the dictionary. */
function part(token: Token, text: string, start: number, end: number): Token {
  if (start === token.span.start && end === token.span.end) return token;
  const surface = text.slice(start, end);
  return { ...token, surface, lemma: surface, span: { start, end } };
}

function normalized(word: string): string {
  return alignText(word, { joinWords: true }).normalized.trim();
}

function folded(word: string): string {
  return normalized(word).toLowerCase();
}

/** A UTF-16 unit with ASCII letters in lower case. */
function unitAt(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0x41 && unit <= 0x5a ? unit + 32 : unit;
}

function* unitsOf(word: string): Iterable<number> {
  for (let index = 0; index < word.length; index += 1) yield unitAt(word, index);
}

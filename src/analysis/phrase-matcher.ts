import { deniedForm } from '../text/inflection.ts';
import { isNegator } from '../text/negators.ts';
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

/** A place in the trie of all phrases, by UTF-16 units: what the units so far may be the beginning of. */
interface Node<T> {
  next?: Map<number, Node<T>>;
  /** Phrases that end here. */
  phrases?: Phrase<T>[];
  readonly behindGa: boolean;
}

const ga = 'が'.charCodeAt(0);

/**
 * Finds many phrases in tokens at once; the longest one at a place wins and consumes its words. A phrase with が is
 * found with の, は, も or nothing in its place (気の利く), one that ends in ない in every negative form (問題はありません).
 */
export class PhraseMatcher<T> {
  readonly #root: Node<T> = { behindGa: false };

  constructor(phrases: Iterable<Phrase<T>>) {
    for (const phrase of phrases) {
      let node = this.#root;
      for (let index = 0; index < phrase.text.length; index += 1) {
        const unit = phrase.text.charCodeAt(index);
        node.next ??= new Map();
        let next = node.next.get(unit);
        if (next === undefined) {
          next = { behindGa: unit === ga };
          node.next.set(unit, next);
        }
        node = next;
      }
      if (node.phrases === undefined) node.phrases = [phrase];
      else node.phrases.push(phrase);
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
    let beginnings: readonly Node<T>[] = [this.#root];
    const limit = Math.min(tokens.length, first + longestPhrase);
    for (let index = first; index < limit && beginnings.length > 0; index += 1) {
      const token = tokens[index];
      if (token === undefined) break;
      const denied = deniedAt(tokens, index, token);
      let next: Node<T>[] | undefined;
      for (const beginning of beginnings) {
        const written = walk(beginning, token.surface);
        const match = matchAt(beginning, written, first, index, token, denied);
        if (match !== undefined && match.end > (longest?.end ?? 0)) longest = match;
        if (written?.next !== undefined) next = appended(next, written);
        if (beginning !== this.#root && varies.has(token.surface) && token.partOfSpeech === '助詞') {
          const varied = beginning.next?.get(ga);
          if (varied?.next !== undefined) next = appended(next, varied);
        }
        const joined = token.partOfSpeech === '名詞' ? written?.next?.get(ga) : undefined;
        if (joined?.next !== undefined) next = appended(next, joined);
      }
      beginnings = next ?? nowhere;
    }
    return longest;
  }
}

const varies = new Set(['の', 'は', 'も']);
const nowhere: readonly never[] = [];

function appended<T>(list: T[] | undefined, item: T): T[] {
  if (list === undefined) return [item];
  list.push(item);
  return list;
}

/** The node that `text` leads to. */
function walk<T>(from: Node<T>, text: string): Node<T> | undefined {
  let node: Node<T> | undefined = from;
  for (let index = 0; index < text.length && node !== undefined; index += 1) {
    node = node.next?.get(text.charCodeAt(index));
  }
  return node;
}

function matchAt<T>(
  beginning: Node<T>,
  written: Node<T> | undefined,
  first: number,
  index: number,
  last: Token,
  denied: Denied | undefined,
): PhraseMatch<T> | undefined {
  if (denied !== undefined) {
    const node = walk(beginning, denied.text);
    const found = fitting(node, last) ?? fitting(node, denied.negator);
    if (found !== undefined) return toMatch(found, first, denied.end);
  }
  if (beginning.behindGa && last.surface === 'が') return undefined;
  // 破れ in 破れた is the verb and not the noun.
  const inflects = last.partOfSpeech === '動詞' || last.partOfSpeech === '形容詞';
  const listed = last.lemma === last.surface ? written : walk(beginning, last.lemma);
  const found = inflects
    ? (fitting(listed, last) ?? fitting(written, last))
    : (fitting(written, last) ?? fitting(listed, last));
  return found === undefined ? undefined : toMatch(found, first, index + 1);
}

/** The phrases that end at a node and allow the part of speech of their last word. */
function fitting<T>(node: Node<T> | undefined, last: Token): readonly Phrase<T>[] | undefined {
  if (node?.phrases === undefined) return undefined;
  const phrases = node.phrases.filter(({ partOfSpeech }) => (partOfSpeech ?? last.partOfSpeech) === last.partOfSpeech);
  return phrases.length > 0 ? phrases : undefined;
}

function toMatch<T>(phrases: readonly Phrase<T>[], first: number, end: number): PhraseMatch<T> {
  return { first, end, text: phrases[0]?.text ?? '', values: phrases.map(({ value }) => value) };
}

const joining = new Set(['は', 'が', 'も', 'の']);

interface Denied {
  readonly text: string;
  readonly negator: Token;
  readonly end: number;
}

/** The plain negative of the word at `index` if it is denied there: 欠かせ|ません → 欠かせない, 問題|は|ない → 問題ない. */
function deniedAt(tokens: readonly Token[], index: number, word: Token): Denied | undefined {
  if (word.partOfSpeech !== '動詞' && word.partOfSpeech !== '名詞') return undefined;
  let at = index + 1;
  if (word.partOfSpeech === '名詞' && joining.has(tokens[at]?.surface ?? '')) at += 1;
  const exists = tokens[at]?.lemma;
  if (word.partOfSpeech === '名詞' && (exists === 'ある' || exists === 'ござる')) at += 1;
  if (tokens[at]?.lemma === 'ます') at += 1;
  const negator = tokens[at];
  if (negator === undefined || !isNegator(negator)) return undefined;
  const text = word.partOfSpeech === '名詞' ? `${word.surface}ない` : deniedForm(word);
  return { text, negator, end: at + 1 };
}

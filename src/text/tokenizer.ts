import type { IpadicTokenizer } from 'kuromoji';
import type { Span } from '../domain/span.ts';
import { loadDictionary } from './dictionary.ts';
import { Lattice } from './lattice.ts';
import type { PathWord } from './lattice-nodes.ts';

/** One word. Absent fields are unknown to the dictionary. */
export interface Token {
  readonly surface: string;
  /** Dictionary form; the surface where the dictionary has none. */
  readonly lemma: string;
  /** First level of IPADIC's parts of speech, for example 名詞. */
  readonly partOfSpeech: string;
  /** Second level, for example 接尾; `*` for none. */
  readonly detail: string;
  /** How it conjugates, for example 五段・タ行. */
  readonly inflection?: string | undefined;
  /** Conjugated form, for example 連用形. */
  readonly conjugation?: string | undefined;
  /** In katakana. */
  readonly reading?: string | undefined;
  /** Range in the text that was given to the tokenizer. */
  readonly span: Span;
}

/** Cuts text into words. */
export interface Tokenizer {
  /** Surfaces joined are the text, white space included; time is linear in its length. */
  tokenize(text: string): Token[];
}

/** What the dictionary says of a word. */
type Features = Omit<Token, 'span'>;

/**
 * Loads kuromoji with its dictionary from the installed package, once per process.
 *
 * @throws Error when the dictionary files are missing or broken
 */
export async function loadTokenizer(): Promise<Tokenizer> {
  const { tokenizer, words } = await loadDictionary();
  return new KuromojiTokenizer(tokenizer, new Lattice(tokenizer, words));
}

/** Lattices are kept this short, in UTF-16 units, so that memory does not grow with the text. */
const longestPiece = 1000;

class KuromojiTokenizer implements Tokenizer {
  readonly #kuromoji: IpadicTokenizer;
  readonly #lattice: Lattice;
  /** Features of dictionary entries already seen; bounded by the dictionary. */
  readonly #features = new Map<number, Features>();

  constructor(loaded: IpadicTokenizer, lattice: Lattice) {
    this.#kuromoji = loaded;
    this.#lattice = lattice;
  }

  tokenize(text: string): Token[] {
    const tokens: Token[] = [];
    for (let start = 0; start < text.length; ) {
      const end = pieceEnd(text, start);
      for (const word of this.#lattice.cut(text.slice(start, end))) {
        tokens.push(this.#token(word, text, { start: start + word.start, end: start + word.end }));
      }
      start = end;
    }
    return tokens;
  }

  #token({ known, entry }: PathWord, text: string, span: Span): Token {
    const features = known ? this.#known(entry, text, span) : this.#unknown(entry, text.slice(span.start, span.end));
    const { surface, lemma, partOfSpeech, detail, inflection, conjugation, reading } = features;
    return { surface, lemma, partOfSpeech, detail, inflection, conjugation, reading, span };
  }

  #known(id: number, text: string, { start, end }: Span): Features {
    let features = this.#features.get(id);
    if (features === undefined) {
      const line = this.#kuromoji.token_info_dictionary.getFeatures(id);
      features = parseFeatures(interned(text.slice(start, end)), line);
      this.#features.set(id, features);
    }
    return features;
  }

  #unknown(id: number, surface: string): Features {
    // IPADIC takes every unknown run of signs for a verbal noun, because it was made for newspapers.
    if (!/[\p{L}\p{N}]/u.test(surface)) return { ...sign, surface, lemma: surface };
    return parseFeatures(surface, this.#kuromoji.unknown_dictionary.getFeatures(id));
  }
}

const sign = {
  partOfSpeech: '記号',
  detail: '一般',
  inflection: undefined,
  conjugation: undefined,
  reading: undefined,
};

/** Reads one line of IPADIC: surface, four levels of parts of speech, conjugation type and form, lemma, readings. */
function parseFeatures(surface: string, line: string): Features {
  const [, partOfSpeech, detail, , , inflection, conjugation, lemma, reading] = line.split(',');
  return {
    surface,
    lemma: stated(lemma) ?? surface,
    partOfSpeech: interned(partOfSpeech ?? '*'),
    detail: interned(detail ?? '*'),
    inflection: stated(inflection),
    conjugation: stated(conjugation),
    reading: stated(reading),
  };
}

function stated(feature: string | undefined): string | undefined {
  return feature === '*' || feature === undefined ? undefined : interned(feature);
}

/** The engine's one copy of a string: rules compare words thousands of times a text, and it compares by identity. */
function interned(word: string): string {
  return Object.keys({ [word]: true })[0] ?? word;
}

/** End of the next piece: after 、 or 。 as in kuromoji, else before white space, else anywhere between characters. */
function pieceEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + longestPiece);
  for (let index = start; index < limit; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x3001 || code === 0x3002) return index + 1;
  }
  if (limit === text.length) return limit;
  const space = text.slice(start, limit).search(/\s\S{0,100}$/);
  if (space > 0) return start + space;
  const code = text.charCodeAt(limit);
  return code >= 0xdc00 && code <= 0xdfff ? limit - 1 : limit;
}

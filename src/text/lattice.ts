import type { CharacterClass, IpadicTokenizer } from 'kuromoji';
import type { WordEntries } from './dictionary.ts';
import { emojiLengthAt } from './emoji.ts';
import { LatticeNodes, type PathWord } from './lattice-nodes.ts';

/** Longest unknown word of one script, in UTF-16 units; longer runs are cut at multiples of it. */
const longestUnknown = 64;

/**
 * Cuts texts as kuromoji 0.1.2 does, by its dictionary and costs, but loses nothing after astral characters, counts
 * positions in UTF-16 units, gives each emoji a word of its own, and takes linear time on runs of one script. The
 * lattice is kept in flat arrays that are used again for every text, which takes a fraction of kuromoji's time.
 */
export class Lattice {
  readonly #base: Int32Array;
  readonly #check: Int32Array;
  readonly #words: WordEntries;
  readonly #nodes: LatticeNodes;
  /** Trie node that a code unit leads to from the root; 0 is not yet known, the root being no child. */
  readonly #fromRoot = new Int32Array(0x10000);
  readonly #unknownIds: Record<number, number[]>;
  readonly #classes: (CharacterClass | undefined)[] = [];
  readonly #lookup: (character: string) => CharacterClass;
  readonly #symbolless: CharacterClass;

  constructor(tokenizer: IpadicTokenizer, words: WordEntries) {
    const { viterbi_builder, viterbi_searcher, token_info_dictionary, unknown_dictionary } = tokenizer;
    this.#base = viterbi_builder.trie.bc.getBaseBuffer();
    this.#check = viterbi_builder.trie.bc.getCheckBuffer();
    this.#words = words;
    this.#nodes = new LatticeNodes(
      shorts(token_info_dictionary.dictionary.buffer),
      shorts(unknown_dictionary.dictionary.buffer),
      viterbi_searcher.connection_costs,
    );
    this.#unknownIds = unknown_dictionary.target_map;
    this.#lookup = (character) => unknown_dictionary.lookup(character);
    this.#symbolless = this.#lookup('👍');
  }

  /** The cheapest path: words that joined are the text. */
  cut(text: string): PathWord[] {
    const nodes = this.#nodes;
    nodes.begin(text.length);
    const run = { end: 0, cut: 0 };
    for (let start = 0; start < text.length; start += 1) {
      // A place where no word ends can begin none.
      if (!nodes.endsAt(start)) continue;
      const found = this.#appendKnown(text, start);
      this.#appendUnknown(text, start, found, run);
    }
    return nodes.path();
  }

  /** Walks the double-array trie over the UTF-8 bytes of the text; every prefix that is a word becomes nodes. */
  #appendKnown(text: string, start: number): boolean {
    let found = false;
    let node = 0;
    for (let index = start; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      node = index === start ? this.#rootStep(code) : this.#unitStep(node, code);
      if (node < 0) break;
      const leaf = this.#step(node, 0);
      if (leaf < 0) continue;
      found = true;
      const word = -(this.#base[leaf] ?? 0) - 1;
      const { first, entries } = this.#words;
      const last = first[word + 1] ?? 0;
      for (let entry = first[word] ?? 0; entry < last; entry += 1) {
        this.#nodes.append(true, entries[entry] ?? 0, start, index + 1);
      }
    }
    return found;
  }

  #rootStep(code: number): number {
    let node = this.#fromRoot[code] ?? 0;
    if (node === 0) {
      node = this.#unitStep(0, code);
      this.#fromRoot[code] = node;
    }
    return node;
  }

  /** Follows one code unit as its UTF-8 bytes. */
  #unitStep(node: number, code: number): number {
    // No dictionary word holds a surrogate, and the trie keeps zero for the end of a word.
    if (code === 0 || (code >= 0xd800 && code <= 0xdfff)) return -1;
    if (code < 0x80) return this.#step(node, code);
    if (code < 0x800) return this.#step(this.#step(node, 0xc0 | (code >> 6)), 0x80 | (code & 0x3f));
    const middle = this.#step(this.#step(node, 0xe0 | (code >> 12)), 0x80 | ((code >> 6) & 0x3f));
    return this.#step(middle, 0x80 | (code & 0x3f));
  }

  #step(node: number, byte: number): number {
    if (node < 0) return -1;
    const child = (this.#base[node] ?? 0) + byte;
    return this.#check[child] === node ? child : -1;
  }

  #appendUnknown(text: string, start: number, known: boolean, run: { end: number; cut: number }): void {
    const emoji = emojiLengthAt(text, start);
    const kind = emoji > 0 ? this.#symbolless : this.#classAt(text, start);
    if (known && kind.is_always_invoke !== 1) return;
    let end = start + (emoji > 0 ? emoji : widthAt(text, start));
    if (emoji === 0 && kind.is_grouping === 1) {
      this.#extendRun(text, start, kind, run);
      end = run.cut;
    }
    for (const id of this.#unknownIds[kind.class_id] ?? []) this.#nodes.append(false, id, start, end);
  }

  /** Finds where the run of one script around `start` ends or is cut; later starts in the same run reuse it. */
  #extendRun(text: string, start: number, kind: CharacterClass, run: { end: number; cut: number }): void {
    if (start < run.cut) return;
    if (start >= run.end) {
      run.end = start + widthAt(text, start);
      while (run.end < text.length && this.#classAt(text, run.end) === kind && emojiLengthAt(text, run.end) === 0) {
        run.end += widthAt(text, run.end);
      }
    }
    run.cut = Math.min(run.end, start + longestUnknown);
    if (run.cut < run.end && isLowSurrogate(text.charCodeAt(run.cut))) run.cut -= 1;
  }

  #classAt(text: string, index: number): CharacterClass {
    const code = text.charCodeAt(index);
    let kind = this.#classes[code];
    if (kind === undefined) {
      kind = this.#lookup(String.fromCharCode(code));
      this.#classes[code] = kind;
    }
    return kind;
  }
}

function shorts(bytes: Uint8Array): Int16Array {
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
}

function widthAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= 0xd800 && code <= 0xdbff && isLowSurrogate(text.charCodeAt(index + 1)) ? 2 : 1;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

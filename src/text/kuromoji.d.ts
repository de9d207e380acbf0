/** The parts of kuromoji 0.1.2 that koe touches; the package brings no types. */
declare module 'kuromoji' {
  export interface ByteBuffer {
    buffer: Uint8Array;
  }

  export interface TokenInfoDictionary {
    dictionary: ByteBuffer;
    target_map: Record<number, number[]>;
    loadDictionary(bytes: Uint8Array): void;
    loadPosVector(bytes: Uint8Array): void;
    getFeatures(id: number): string;
  }

  export interface CharacterClass {
    class_id: number;
    class_name: string;
    is_always_invoke: number;
    is_grouping: number;
  }

  export interface UnknownDictionary extends TokenInfoDictionary {
    lookup(character: string): CharacterClass;
  }

  export interface Trie {
    bc: { getBaseBuffer(): Int32Array; getCheckBuffer(): Int32Array };
  }

  export interface IpadicTokenizer {
    token_info_dictionary: TokenInfoDictionary;
    unknown_dictionary: UnknownDictionary;
    viterbi_builder: { trie: Trie };
    viterbi_searcher: { connection_costs: { buffer: Int16Array } };
  }

  /** What `src/dict/DynamicDictionaries.js` makes. */
  export interface Dictionaries {
    token_info_dictionary: TokenInfoDictionary;
    loadTrie(base: Int32Array, check: Int32Array): void;
    loadConnectionCosts(costs: Int16Array): void;
    loadUnknownDictionaries(
      entries: Uint8Array,
      features: Uint8Array,
      map: Uint8Array,
      classes: Uint8Array,
      compatibleClasses: Uint32Array,
      invoke: Uint8Array,
    ): void;
  }

  export function builder(options: { dicPath: string }): {
    build(callback: (error: Error | null, tokenizer: IpadicTokenizer) => void): void;
  };

  const kuromoji: { builder: typeof builder };
  export default kuromoji;
}

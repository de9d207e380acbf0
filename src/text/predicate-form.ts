/** Whether a predicate is stated, wished for, supposed or asked. */
export type Modality = 'stated' | 'wished' | 'conditional' | 'questioned';

/** How a predicate is joined to what follows. */
export type Joint =
  /** It ends the sentence. */
  | 'end'
  /** It modifies the noun after it: 使いにくい画面. */
  | 'adnominal'
  /** It modifies the verb after it: 丁寧に教える. */
  | 'adverbial'
  /** It is a noun with a particle: 不満が, 味は. */
  | 'argument'
  /** It is a clause made a noun: 届くのが. */
  | 'nominal'
  /** て, で, し, 連用中止, ので, から. */
  | 'continues'
  /** が, けど, のに, 割に. */
  | 'contrast'
  /** ば, たら, なら, と, ても. */
  | 'condition'
  | 'quote';

/** The form of a predicate, read off the words after it. */
export interface PredicateForm {
  /** Whether the words deny it: an odd number of negations. */
  readonly negated: boolean;
  /** Whether it is the case as far as the words tell: not if negated, nor in 安ければいいのに and 届くはずだった. */
  readonly holds: boolean;
  readonly tense: 'past' | 'present';
  readonly modality: Modality;
  /** A question or supposition that states something all the same: 高くないですか. */
  readonly asserts: boolean;
  /** 〜すぎる. */
  readonly excessive: boolean;
  /** 〜てたまらない. */
  readonly emphatic: boolean;
  /** 〜てくれる, 〜ていただく: done for the customer. */
  readonly favour: boolean;
  readonly passive: boolean;
  readonly causative: boolean;
  /** Whether it is not what is said but what would be so: 安ければいいのに, 届くはずだった. */
  readonly contrary: boolean;
  /** Somebody else's words, or only a measure of something else: 驚くほど. */
  readonly reported: boolean;
  readonly joint: Joint;
  /** Token after the last one that inflects or denies it: after 持た|ない, 早く|は|ない, 美味しかっ|た. */
  readonly wordEnd: number;
  /** Token after everything that was read. */
  readonly end: number;
}

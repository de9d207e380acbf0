import type { PredicateForm } from './predicate-form.ts';

/** What a bunsetsu does for the one it depends on. */
export type Role =
  /** が */
  | 'subject'
  /** は, and what stands for it: って, としては. */
  | 'topic'
  /** も */
  | 'also'
  /** を */
  | 'object'
  /** に, へ */
  | 'dative'
  /** の */
  | 'possessive'
  /** と, や before another noun. */
  | 'coordinate'
  /** で, から, より, まで, ほど and the like. */
  | 'oblique'
  /** A noun without a particle. */
  | 'bare'
  /** Adverbs, times, 丁寧に; conjunctions and interjections, which only stand there. */
  | 'adverb'
  /** A predicate that modifies the noun after it. */
  | 'adnominal'
  /** A predicate that ends a clause or the sentence. */
  | 'clause';

/** A phrase: content words and what follows them up to the next content word. Token ranges are half-open. */
export interface Bunsetsu {
  readonly first: number;
  /** End of its content words. */
  readonly contentEnd: number;
  readonly end: number;
  readonly kind: 'noun' | 'verb' | 'adjective' | 'other';
  readonly role: Role;
  /** Of verbs, adjectives and nouns that are predicated of something. */
  readonly form?: PredicateForm;
  /** Whether a 、 follows. */
  readonly comma: boolean;
}

/** Whether a phrase modifies the verb that follows: 丁寧に, 早く, きちんと. */
export function isAdverbial({ role, kind }: Bunsetsu, { joint }: PredicateForm): boolean {
  return role === 'adverb' && (joint === 'adverbial' || kind === 'other');
}

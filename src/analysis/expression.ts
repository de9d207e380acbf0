import type { PredicateForm } from '../text/predicate-form.ts';
import type { LexiconEntry } from './lexicon.ts';

/** Words that judge something, where they stand in a sentence. */
export interface Expression {
  /** Its words are the tokens `[first, end)`. */
  readonly first: number;
  readonly end: number;
  /** The phrase that holds its last word. */
  readonly phrase: number;
  /** The phrase in which its form ends: させる of 不快にさせる. */
  readonly lastPhrase: number;
  /** Dictionary form: 見にくい, 高すぎる. */
  readonly lemma: string;
  /** What it is counted by: 高い of 高すぎる. */
  readonly base: string;
  /** The same denied: 高くない. */
  readonly deniedBase: string;
  readonly form: PredicateForm;
  /** How many words deny it, counting those that deny the denial. */
  readonly denials: number;
  /** What the lexicon says, if it holds the expression. */
  readonly entries: readonly LexiconEntry[];
  /** Polarity by how it is built, where the lexicon does not tell: 〜にくい, 〜すぎる, 〜てくれない. */
  readonly built?: number;
}

/** An expression whose denials are still to be counted. */
export type Uncounted = Omit<Expression, 'denials'>;

import type { EmotionId, FlagId, IntentId, Polarity, Sentiment, TopicId } from '../domain/labels.ts';

/**
 * What the model says of one sentence, as calibrated probabilities. Independent of the sentences scored beside it. A
 * model that does not judge something leaves it out.
 */
export interface SentenceScores {
  /** Sums to 1. */
  readonly sentiment?: Readonly<Record<Sentiment, number>>;
  /** Each topic's presence, on its own. */
  readonly topics?: Readonly<Record<TopicId, number>>;
  /** How each topic is spoken of if it is present; each row sums to 1. There whenever `topics` is. */
  readonly polarities?: Readonly<Record<TopicId, Readonly<Record<Polarity, number>>>>;
  /** Each intent, on its own. */
  readonly intents?: Readonly<Record<IntentId, number>>;
  /** Sums to 1. */
  readonly emotion?: Readonly<Record<EmotionId | 'none', number>>;
  /** Each flag, on its own. */
  readonly flags?: Readonly<Record<FlagId, number>>;
  /** The model's, the same for all sentences. */
  readonly thresholds: Thresholds;
  /** Whether the sentence was longer than the model reads. */
  readonly truncated: boolean;
}

/** Probability from which on a label is stated. */
export interface Thresholds {
  readonly topics: Readonly<Record<TopicId, number>>;
  readonly intents: Readonly<Record<IntentId, number>>;
  readonly flags: Readonly<Record<FlagId, number>>;
}

/** Scores sentences in batches, same length and order out as in. */
export interface SentenceScorer {
  /** Name and version, as records store it. */
  readonly version: string;
  score(sentences: readonly string[]): Promise<readonly SentenceScores[]>;
}

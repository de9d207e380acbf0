import type { EmotionId, FlagId, IntentId, Polarity, Sentiment, TopicId } from '../domain/labels.ts';

/**
 * What the model says of one sentence or passage, as calibrated probabilities. Independent of what is scored beside it.
 * A model that does not judge something leaves it out.
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
  /** Whether the sentence was longer than the model reads. */
  readonly truncated: boolean;
}

/** Probability from which on a label is stated. */
export interface Thresholds {
  readonly topics: Readonly<Record<TopicId, number>>;
  readonly intents: Readonly<Record<IntentId, number>>;
  readonly flags: Readonly<Record<FlagId, number>>;
}

/** How labels are made of scores; fitted for a model and part of it. */
export interface Decision {
  readonly thresholds: Thresholds;
  readonly rollUp: RollUpWeights;
}

/**
 * How the scores of a text's passages and of its sentences become those of the text. `passages` is the share of what
 * the passages say; the rest is the sentences'.
 */
export interface RollUpWeights {
  /** `last`: weight of the last sentence; `sharpness`: exponent of the pooled probabilities. */
  readonly sentiment: { readonly passages: number; readonly last: number; readonly sharpness: number };
  /** `bothFrom`: part of the stronger side's strength from which on a topic is both praised and criticised. */
  readonly topics: { readonly passages: number; readonly bothFrom: number };
  readonly intents: { readonly passages: number };
  /** The rest is the last sentence's. */
  readonly emotion: { readonly passages: number };
  readonly flags: { readonly passages: number };
}

/** Scores sentences and passages in batches, same length and order out as in. */
export interface SentenceScorer {
  /** Name and version, as records store it. */
  readonly version: string;
  readonly decision: Decision;
  score(sentences: readonly string[]): Promise<readonly SentenceScores[]>;
}

/** What the model says of one text. */
export interface TextScores {
  /** One per sentence. */
  readonly sentences: readonly SentenceScores[];
  /** One per passage. */
  readonly passages: readonly SentenceScores[];
  readonly decision: Decision;
}

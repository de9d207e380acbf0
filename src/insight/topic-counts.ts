import type { TopicId } from '../domain/labels.ts';

/** How often a topic was spoken of in some period, in records; a record counts once however often it mentions it. */
export interface TopicCount {
  readonly topic: TopicId;
  readonly count: number;
  /** Records that criticise the topic, praising it besides or not. */
  readonly negative: number;
  /** Records that praise the topic, criticising it besides or not. */
  readonly positive: number;
  /** Records that do both; they are in `negative` and in `positive` too. */
  readonly mixed: number;
  /** Sum over the records of the sentiment score, each from -1 to 1. */
  readonly sentimentSum: number;
}

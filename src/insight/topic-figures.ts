import { wilsonInterval } from './wilson.ts';

/** How a topic is spoken of, in pieces of feedback. */
export interface TopicFigures {
  /** Pieces about it. */
  readonly count: number;
  /** Those that criticise it, praising it besides or not. */
  readonly negative: number;
  /** Those that praise it, criticising it besides or not. */
  readonly positive: number;
  /** Those that do both; they are in `negative` and in `positive` too. */
  readonly mixed: number;
  /** Those that ask for something about it. */
  readonly requests: number;
  /** `negative / count`; absent where there is none. */
  readonly negativeShare?: number;
  /** 95 % Wilson interval of that share. */
  readonly interval?: readonly [low: number, high: number];
  /** Mean sentiment, from -1 to 1. */
  readonly sentiment?: number;
}

const summed = ['count', 'negative', 'positive', 'mixed', 'requests', 'sentimentSum'] as const;

/** The numbers of a topic that add up over channels and hours. */
export type TopicSum = Readonly<Record<(typeof summed)[number], number>>;

/** The sum of counts of one topic. */
export function sumTopics(counts: readonly TopicSum[]): TopicSum {
  const sum = { count: 0, negative: 0, positive: 0, mixed: 0, requests: 0, sentimentSum: 0 };
  for (const count of counts) for (const part of summed) sum[part] += count[part];
  return sum;
}

/** Figures of one topic, from its counts in any channels and hours. */
export function topicFigures(counts: readonly TopicSum[]): TopicFigures {
  const { sentimentSum, ...numbers } = sumTopics(counts);
  const { count, negative } = numbers;
  return {
    ...numbers,
    ...(count > 0 && {
      negativeShare: negative / count,
      interval: wilsonInterval(negative, count),
      sentiment: sentimentSum / count,
    }),
  };
}

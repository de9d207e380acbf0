import type { TopicId } from '../domain/labels.ts';
import type { TopicCount } from './topic-counts.ts';
import { wilsonInterval } from './wilson.ts';

/** One topic that hurts customers, with how much, how surely, and whether it grows. */
export interface PainPoint {
  readonly topic: TopicId;
  /** Pieces of feedback about the topic. */
  readonly count: number;
  /** Those that criticise it. */
  readonly negative: number;
  /** `negative / count`. */
  readonly negativeShare: number;
  /** 95 % Wilson interval of that share. */
  readonly interval: readonly [low: number, high: number];
  /** Mean sentiment of the feedback about it, from -1 to 1. */
  readonly sentiment: number;
  /** `negative` in the period of the same length just before. */
  readonly previousNegative: number;
}

/** Ranks topics by how many pieces of feedback criticise them, then by the surest share; topics nobody criticised are left out. */
export function rankPainPoints(current: readonly TopicCount[], previous: readonly TopicCount[]): PainPoint[] {
  const before = new Map(previous.map((count) => [count.topic, count.negative]));
  return current
    .filter(({ negative }) => negative > 0)
    .map(({ topic, count, negative, sentimentSum }) => ({
      topic,
      count,
      negative,
      negativeShare: negative / count,
      interval: wilsonInterval(negative, count),
      sentiment: sentimentSum / count,
      previousNegative: before.get(topic) ?? 0,
    }))
    .sort((a, b) => b.negative - a.negative || b.interval[0] - a.interval[0] || a.topic.localeCompare(b.topic));
}

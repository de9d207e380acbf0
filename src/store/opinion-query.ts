import type { TopicId } from '../domain/labels.ts';
import type { FeedbackCounts, OpinionCount } from '../insight/feedback-counts.ts';
import { changesOf, type VoiceChange } from '../insight/voice-points.ts';
import type { Database } from './database.ts';
import { fullHours } from './feedback-counts-query.ts';
import type { FeedbackFilter } from './feedback-filter.ts';
import { withMongo } from './mongo-error.ts';
import { comparedPeriods, type PeriodFacts } from './voice-query.ts';

/** Signs that opinion keys end with. */
export const opinionSigns = ['+', '-', '0'] as const;
export type OpinionSign = (typeof opinionSigns)[number];

/** Which opinions to list. The period is widened to full hours, UTC. */
export interface OpinionFilter extends FeedbackFilter {
  readonly topic?: TopicId | undefined;
  readonly sign?: OpinionSign | undefined;
  /** Opinions at most. */
  readonly limit: number;
}

/** How many pieces of feedback hold an opinion. */
export interface RankedOpinion {
  /** `target:expression:sign`; the target is empty where none is named. */
  readonly key: string;
  readonly count: number;
  /** Topics of the sentences in which it is found, most frequent first. */
  readonly topics: readonly TopicId[];
  /** Absent where there is no feedback in the period before. */
  readonly change?: VoiceChange;
}

/** Opinions of a period, most frequent first. */
export interface OpinionReport extends PeriodFacts {
  readonly opinions: readonly RankedOpinion[];
}

/** Lists the opinions of a period, by how many pieces of feedback hold them. */
export function queryOpinions(database: Database, filter: OpinionFilter): Promise<OpinionReport> {
  return withMongo(async () => {
    const { current, previous, facts } = await comparedPeriods(database, fullHours(filter), {
      voices: false,
      opinions: true,
    });
    const counts = opinionCounts(wanted(current, filter));
    const before = opinionCounts(wanted(previous, filter));
    const changes = changesOf(totals(counts), facts.feedback, totals(before), facts.previousFeedback);
    const opinions = [...counts]
      .map(([key, { count, topics }]) => {
        const change = changes.get(key);
        return { key, count, topics: mostFrequent(topics), ...(change !== undefined && { change }) };
      })
      .sort((one, other) => other.count - one.count || (one.key < other.key ? -1 : 1))
      .slice(0, filter.limit);
    return { ...facts, opinions };
  });
}

function wanted({ opinions }: FeedbackCounts, { topic, sign }: OpinionFilter): OpinionCount[] {
  return opinions.filter(
    (opinion) =>
      (topic === undefined || opinion.topic === topic) && (sign === undefined || opinion.key.endsWith(`:${sign}`)),
  );
}

/** Counts by key over topics and channels. */
export function opinionCounts(
  opinions: readonly OpinionCount[],
): Map<string, { readonly count: number; readonly topics: ReadonlyMap<TopicId, number> }> {
  const sums = new Map<string, { count: number; topics: Map<TopicId, number> }>();
  for (const { key, topic, count } of opinions) {
    const sum = sums.get(key) ?? { count: 0, topics: new Map<TopicId, number>() };
    sums.set(key, sum);
    sum.count += count;
    if (topic !== undefined) sum.topics.set(topic, (sum.topics.get(topic) ?? 0) + count);
  }
  return sums;
}

/** The counts alone. */
export function totals(counts: ReadonlyMap<string, { readonly count: number }>): Map<string, number> {
  return new Map([...counts].map(([key, { count }]) => [key, count]));
}

/** Topics by how often they were found. */
export function mostFrequent(topics: ReadonlyMap<TopicId, number>): TopicId[] {
  return [...topics].sort(([, one], [, other]) => other - one).map(([topic]) => topic);
}

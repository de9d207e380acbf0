import { type TopicId, topicIds } from '../domain/labels.ts';
import type { TopicCount } from '../insight/feedback-counts.ts';
import { type TopicFigures, topicFigures } from '../insight/topic-figures.ts';
import { byTopic, changesOf, type VoiceChange } from '../insight/voice-points.ts';
import type { Database } from './database.ts';
import { fullHours } from './feedback-counts-query.ts';
import type { FeedbackFilter } from './feedback-filter.ts';
import { withMongo } from './mongo-error.ts';
import { comparedPeriods, type PeriodFacts } from './voice-query.ts';

/** A topic of the taxonomy and how it is spoken of. */
export interface CountedTopic extends TopicFigures {
  readonly topic: TopicId;
  /** How its share of all feedback changed; absent where there is no feedback in the period before. */
  readonly change?: VoiceChange;
}

/** All topics, those that nobody speaks of too. */
export interface TopicReport extends PeriodFacts {
  /** In the order of the taxonomy. */
  readonly topics: readonly CountedTopic[];
}

/** Counts the feedback about each topic, against the period of the same length before. Full hours, UTC. */
export function queryTopics(database: Database, filter: FeedbackFilter): Promise<TopicReport> {
  return withMongo(async () => {
    const { current, previous, facts } = await comparedPeriods(database, fullHours(filter), {
      voices: false,
      opinions: false,
    });
    const [now, before] = [byTopic(current.topics), byTopic(previous.topics)];
    const changes = changesOf(totalsOf(now), facts.feedback, totalsOf(before), facts.previousFeedback);
    const topics = topicIds.map((topic): CountedTopic => {
      const change = changes.get(topic);
      return { topic, ...topicFigures(now.get(topic) ?? []), ...(change !== undefined && { change }) };
    });
    return { ...facts, topics };
  });
}

function totalsOf(topics: ReadonlyMap<TopicId, readonly TopicCount[]>): Map<TopicId, number> {
  return new Map([...topics].map(([topic, rows]) => [topic, topicFigures(rows).count]));
}

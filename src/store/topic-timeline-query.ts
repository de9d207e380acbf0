import type { TopicId } from '../domain/labels.ts';
import { bucketAt, type TimeBucket } from '../insight/time-buckets.ts';
import { sumTopics, type TopicFigures, topicFigures } from '../insight/topic-figures.ts';
import { feedbackIn } from '../insight/voice-points.ts';
import type { Database } from './database.ts';
import { countPendingHours, countsOfRecords, timedCounts } from './feedback-counts-query.ts';
import type { FeedbackFilter } from './feedback-filter.ts';
import { withMongo } from './mongo-error.ts';
import { isKnown } from './voice-query.ts';

/** Which topic, and in which parts; they take the place of a period. */
export interface TopicTimelineFilter extends Omit<FeedbackFilter, 'since' | 'until'> {
  readonly topic: TopicId;
  /** One at least, in order and without gaps. */
  readonly buckets: readonly TimeBucket[];
  /** Milliseconds since 1970: buckets that end later are not complete yet. */
  readonly now: number;
}

/** How a topic is spoken of in a part of a period. */
export interface TimelineBucket extends TopicFigures {
  /** RFC 3339. */
  readonly since: string;
  readonly until: string;
  /** False while the bucket goes on. */
  readonly complete: boolean;
  /** All feedback, whatever it is about. */
  readonly feedback: number;
}

/** How a topic is spoken of as time goes by. */
export interface TopicTimelineReport extends TopicFigures {
  readonly topic: TopicId;
  /** RFC 3339; from the start of the first bucket to the end of the last one. */
  readonly since: string;
  readonly until: string;
  readonly feedback: number;
  readonly hoursPending: number;
  readonly isTenantKnown: boolean;
  readonly buckets: readonly TimelineBucket[];
}

const hourMs = 3_600_000;

/**
 * Counts the feedback about a topic in buckets: from the hourly roll-ups, or from records where attributes are filtered
 * or a bucket begins within an hour of UTC.
 */
export function queryTopicTimeline(database: Database, filter: TopicTimelineFilter): Promise<TopicTimelineReport> {
  return withMongo(async () => {
    const { topic, buckets, now, ...rest } = filter;
    const period = {
      ...rest,
      since: new Date(buckets[0]?.since ?? now),
      until: new Date(buckets.at(-1)?.until ?? now),
    };
    const sums = buckets.map((bucket) => ({ ...bucket, feedback: 0, spoken: sumTopics([]) }));
    const hasFullHours = [period.since.getTime(), ...buckets.map(({ until }) => until)].every(
      (time) => time % hourMs === 0,
    );
    const parts = hasFullHours
      ? timedCounts(database, period, { voices: false, opinions: false })
      : countsOfRecords(database, period);
    for await (const { at, counts } of parts) {
      const sum = sums[bucketAt(buckets, at.getTime())];
      if (sum === undefined) continue;
      sum.feedback += feedbackIn(counts);
      sum.spoken = sumTopics([sum.spoken, ...counts.topics.filter((row) => row.topic === topic)]);
    }
    const feedback = sums.reduce((sum, part) => sum + part.feedback, 0);
    return {
      topic,
      since: period.since.toISOString(),
      until: period.until.toISOString(),
      feedback,
      ...topicFigures(sums.map(({ spoken }) => spoken)),
      hoursPending: await countPendingHours(database, period),
      isTenantKnown: feedback > 0 || (await isKnown(database, filter.tenant)),
      buckets: sums.map(({ since, until, feedback, spoken }) => ({
        since: new Date(since).toISOString(),
        until: new Date(until).toISOString(),
        complete: until <= now,
        feedback,
        ...topicFigures([spoken]),
      })),
    };
  });
}

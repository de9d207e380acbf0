import { exitCodes, UsageError } from '../app/exit-code.ts';
import type { TopicId } from '../domain/labels.ts';
import { type BucketUnit, mostBuckets, timeBuckets, type Weekday } from '../insight/time-buckets.ts';
import { queryTopics } from '../store/topic-query.ts';
import { queryTopicTimeline } from '../store/topic-timeline-query.ts';
import { printAnswer } from './answer.ts';
import { type FeedbackOptions, feedbackFilter } from './feedback-options.ts';
import type { Terminal } from './terminal.ts';
import { timelineTable, topicTable } from './topic-tables.ts';

/** Prints the taxonomy with how often each topic is spoken of. */
export async function topics(options: FeedbackOptions, terminal: Terminal): Promise<number> {
  const filter = feedbackFilter(options);
  await printAnswer(options, terminal, async (database) => {
    const report = await queryTopics(database, filter);
    return { report, table: () => topicTable(report, options.tz) };
  });
  return exitCodes.success;
}

/** Options of `koe timeline`. */
export interface TimelineOptions extends FeedbackOptions {
  readonly bucket: BucketUnit;
  readonly weekStart: Weekday;
}

/** Prints how a topic is spoken of as time goes by. */
export async function timeline(topic: TopicId, options: TimelineOptions, terminal: Terminal): Promise<number> {
  const now = Date.now();
  const { since, until, ...filter } = feedbackFilter(options, now);
  const { bucket: unit, weekStart, tz: timeZone } = options;
  const buckets = timeBuckets(since.getTime(), until.getTime(), { unit, weekStart, timeZone });
  if (buckets === undefined) throw new UsageError(`--bucket ${unit} makes more than ${mostBuckets} buckets`);
  await printAnswer(options, terminal, async (database) => {
    const report = await queryTopicTimeline(database, { ...filter, topic, buckets, now });
    return { report, table: () => timelineTable(report, timeZone) };
  });
  return exitCodes.success;
}

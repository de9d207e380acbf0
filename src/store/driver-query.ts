import type { Polarity, TopicId } from '../domain/labels.ts';
import { type DriverAnswer, type DriverReport as Drivers, findDrivers } from '../insight/drivers.ts';
import type { Database } from './database.ts';
import type { RecordDocument } from './documents.ts';
import { type FeedbackFilter, matching } from './feedback-filter.ts';
import { withMongo } from './mongo-error.ts';

/** What drives the net promoter score of a period. */
export interface DriverReport {
  /** RFC 3339. */
  readonly since: string;
  readonly until: string;
  /** Absent without answers on the scale of 0 to 10. */
  readonly drivers?: Drivers;
}

/** Finds what drives the answers to the recommendation question, from what their authors spoke of. */
export function queryDrivers({ records }: Database, filter: FeedbackFilter): Promise<DriverReport> {
  return withMongo(async () => {
    const answered = records
      .find({
        ...matching(filter),
        'survey.metric': 'nps',
        'survey.min': 0,
        'survey.max': 10,
        'survey.score': { $exists: true },
      })
      .project<Pick<RecordDocument, 'topics' | 'survey'>>({ 'topics.id': 1, 'topics.polarity': 1, 'survey.score': 1 });
    const answers: DriverAnswer[] = [];
    for await (const { topics, survey } of answered) {
      if (survey?.score !== undefined) answers.push({ answer: survey.score, topics: polaritiesOf(topics) });
    }
    const drivers = findDrivers(answers);
    return {
      since: filter.since.toISOString(),
      until: filter.until.toISOString(),
      ...(drivers !== undefined && { drivers }),
    };
  });
}

/** What is both praised and criticised counts as neither. */
function polaritiesOf(topics: RecordDocument['topics']): Map<TopicId, -1 | 0 | 1> {
  const spoken = (topic: TopicId, polarity: Polarity) =>
    Number(topics.some((mention) => mention.id === topic && mention.polarity === polarity));
  return new Map(
    topics.map(({ id }) => [id, Math.sign(spoken(id, 'positive') - spoken(id, 'negative')) as -1 | 0 | 1] as const),
  );
}

import type { Collection, Document, Filter } from 'mongodb';
import type { Channel } from '../domain/labels.ts';
import type { RecordDocument, RollupRow } from './documents.ts';

/** Which records to count: one tenant's, `since` included, `until` excluded. */
export interface TopicCountFilter {
  readonly tenant: string;
  readonly since: Date;
  readonly until: Date;
  readonly channel?: Channel | undefined;
  /** Values that attributes must have, as text. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

/** Counts topics by channel over records. A record counts once per topic, however many of its sentences name it. */
export async function countTopics(
  collection: Collection<RecordDocument>,
  filter: TopicCountFilter,
): Promise<RollupRow[]> {
  return collection
    .aggregate<RollupRow>([
      { $match: matching(filter) },
      { $unwind: '$topics' },
      {
        $group: {
          _id: { record: '$_id', topic: '$topics.id' },
          channel: { $first: '$channel' },
          score: { $first: '$sentiment.score' },
          negative: { $max: is('negative') },
          positive: { $max: is('positive') },
        },
      },
      {
        $group: {
          _id: { topic: '$_id.topic', channel: '$channel' },
          count: { $sum: 1 },
          negative: { $sum: '$negative' },
          positive: { $sum: '$positive' },
          mixed: { $sum: { $multiply: ['$negative', '$positive'] } },
          sentimentSum: { $sum: '$score' },
        },
      },
      {
        $project: {
          _id: 0,
          topic: '$_id.topic',
          channel: '$_id.channel',
          count: 1,
          negative: 1,
          positive: 1,
          mixed: 1,
          sentimentSum: 1,
        },
      },
      { $sort: { topic: 1, channel: 1 } },
    ])
    .toArray();
}

/** The records of a filter. Attributes match as text, number or boolean, since a filter is typed as text. */
export function matching(filter: TopicCountFilter): Filter<RecordDocument> {
  const attributes = Object.entries(filter.attributes ?? {}).map(([name, value]) => ({
    [`attributes.${name}`]: { $in: spellings(value) },
  }));
  return {
    tenant: filter.tenant,
    occurredAt: { $gte: filter.since, $lt: filter.until },
    ...(filter.channel !== undefined && { channel: filter.channel }),
    ...(attributes.length > 0 && { $and: attributes }),
  };
}

function spellings(value: string): (string | number | boolean)[] {
  const number = Number(value);
  return [
    value,
    ...(value.trim() !== '' && Number.isFinite(number) ? [number] : []),
    ...(value === 'true' || value === 'false' ? [value === 'true'] : []),
  ];
}

function is(polarity: string): Document {
  return { $cond: [{ $eq: ['$topics.polarity', polarity] }, 1, 0] };
}

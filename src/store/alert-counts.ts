import type { HourCount } from '../alerting/baseline.ts';
import { hourMs } from '../alerting/baseline.ts';
import { PackedHours } from '../alerting/packed-hours.ts';
import type { MinuteCount } from '../alerting/spike-scan.ts';
import type { Channel, TopicId } from '../domain/labels.ts';
import type { Database } from './database.ts';
import { withMongo } from './mongo-error.ts';

interface Stretch {
  readonly tenant: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

/**
 * Feedback by topic, channel and minute, counted from the records themselves: what is counted twice or too early is
 * right the next time. Copies of earlier feedback do not count.
 */
export function countMinutes(database: Pick<Database, 'records'>, stretch: Stretch): Promise<MinuteCount[]> {
  return withMongo(() => count(database, stretch, 60_000));
}

function count({ records }: Pick<Database, 'records'>, { tenant, from, until }: Stretch, bucketMs: number) {
  const at = { $toLong: '$at' };
  return records
    .aggregate<MinuteCount>([
      {
        $match: {
          tenant,
          occurredAt: { $gte: new Date(from), $lt: new Date(until) },
          duplicateOf: { $exists: false },
        },
      },
      { $unwind: '$topics' },
      {
        $group: {
          _id: { record: '$_id', topic: '$topics.id' },
          channel: { $first: '$channel' },
          at: { $first: '$occurredAt' },
          negative: { $max: { $cond: [{ $eq: ['$topics.polarity', 'negative'] }, 1, 0] } },
        },
      },
      {
        $group: {
          _id: { topic: '$_id.topic', channel: '$channel', at: { $subtract: [at, { $mod: [at, bucketMs] }] } },
          negative: { $sum: '$negative' },
          total: { $sum: 1 },
        },
      },
      { $project: { _id: 0, topic: '$_id.topic', channel: '$_id.channel', at: '$_id.at', negative: 1, total: 1 } },
    ])
    .toArray();
}

/** Who spoke is most of a roll-up, and nothing of it is needed here. */
const counted = { hour: 1, stale: 1, 'rows.topic': 1, 'rows.channel': 1, 'rows.negative': 1, 'rows.count': 1 } as const;

/** Hourly counts of a tenant; hours without feedback are left out of the series. */
export interface TopicHistory {
  /** First hour of which anything is stored, milliseconds since 1970; undefined for a tenant without feedback. */
  readonly begins: number | undefined;
  /** By `topic.channel`. */
  readonly series: ReadonlyMap<string, Iterable<HourCount>>;
}

/**
 * Changes whenever a history does: hours are marked after each change of their records, and their roll-ups say for which
 * mark they were computed.
 */
export function historyVersion(
  { rollups }: Pick<Database, 'rollups'>,
  { tenant, from, until }: Stretch,
): Promise<string> {
  return withMongo(async () => {
    const [sums] = await rollups
      .aggregate<{ hours: number; marked: number; computed: number }>([
        { $match: { tenant, hour: { $gte: new Date(from), $lt: new Date(until) } } },
        { $group: { _id: null, hours: { $sum: 1 }, marked: { $sum: '$marked' }, computed: { $sum: '$computed' } } },
      ])
      .toArray();
    return `${sums?.hours ?? 0}.${sums?.marked ?? 0}.${sums?.computed ?? 0}`;
  });
}

/** Reads hourly counts from the roll-ups; hours whose roll-up waits to be recomputed are counted from the records. */
export function readTopicHistory(
  database: Pick<Database, 'records' | 'rollups'>,
  { tenant, from, until }: Stretch,
): Promise<TopicHistory> {
  return withMongo(async () => {
    const hours = { $gte: new Date(from), $lt: new Date(until) };
    const [first] = await database.rollups
      .find({ tenant }, { projection: { hour: 1 } })
      .sort({ hour: 1 })
      .limit(1)
      .toArray();
    const rollups = await database.rollups.find({ tenant, hour: hours }, { projection: counted }).toArray();
    const series = new Map<string, HourCount[]>();
    const add = (topic: TopicId, channel: Channel, one: HourCount) => {
      const key = `${topic}.${channel}`;
      const known = series.get(key);
      if (known === undefined) series.set(key, [one]);
      else known.push(one);
    };
    for (const { hour, stale, rows } of rollups) {
      const at = hour.getTime();
      if (stale) {
        for (const { topic, channel, negative, total } of await count(
          database,
          { tenant, from: at, until: at + hourMs },
          hourMs,
        )) {
          add(topic, channel, { at, negative, total });
        }
      } else {
        for (const { topic, channel, negative, count: total } of rows) add(topic, channel, { at, negative, total });
      }
    }
    const packed = [...series].map(([key, counts]) => [key, new PackedHours(counts)] as const);
    return { begins: first?.hour.getTime(), series: new Map(packed) };
  });
}

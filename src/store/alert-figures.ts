import type { Filter } from 'mongodb';
import { messageFires } from '../alerting/rule-checks.ts';
import type { RuleOf } from '../domain/alert-rule.ts';
import { type Channel, channels } from '../domain/labels.ts';
import { netPromoterScore, recommendationOf } from '../insight/nps.ts';
import type { Database } from './database.ts';
import type { RecordDocument } from './documents.ts';
import { withMongo } from './mongo-error.ts';

type Records = Pick<Database, 'records'>;

/** A period of a tenant; milliseconds since 1970, half-open. */
export interface TenantPeriod {
  readonly tenant: string;
  readonly from: number;
  readonly until: number;
}

const said = { id: 1, occurredAt: 1, flags: 1, intents: 1, topics: 1, channel: 1, attributes: 1 } as const;

/** Records on which a message rule fires. */
export function firingMessages(
  { records }: Records,
  rule: RuleOf<'message'>,
  { tenant, from, until }: TenantPeriod,
): Promise<Pick<RecordDocument, keyof typeof said>[]> {
  return withMongo(async () => {
    const found = await records
      .find({
        tenant,
        occurredAt: { $gte: new Date(from), $lt: new Date(until) },
        ...(rule.flags !== undefined && { 'flags.id': { $in: rule.flags } }),
        ...(rule.intents !== undefined && { 'intents.id': { $in: rule.intents } }),
      })
      .sort({ occurredAt: 1, _id: 1 })
      .project<Pick<RecordDocument, keyof typeof said>>(said)
      .toArray();
    return found.filter((record) => messageFires(rule, record));
  });
}

/** A figure of a metric rule, and of how many pieces of feedback it is; undefined without any. */
export function metricOf(
  { records, turns }: Pick<Database, 'records' | 'turns'>,
  rule: RuleOf<'metric'>,
  { tenant, from, until }: TenantPeriod,
): Promise<{ readonly value: number; readonly size: number } | undefined> {
  const attributes = Object.entries(rule.attributes ?? {}).map(([name, value]) => ({
    $expr: { $eq: [{ $toString: `$attributes.${name}` }, value] },
  }));
  const filter = {
    tenant,
    status: 'analyzed' as const,
    duplicateOf: { $exists: false },
    occurredAt: { $gte: new Date(from), $lt: new Date(until) },
    ...(rule.channel !== undefined && { channel: rule.channel }),
    ...(rule.topic !== undefined && { 'topics.id': rule.topic }),
    ...(attributes.length > 0 && { $and: attributes }),
  };
  return withMongo(async () => {
    if (rule.metric === 'nps') {
      const answers = { ...filter, 'survey.metric': 'nps' as const, 'survey.min': 0, 'survey.max': 10 };
      const counts = { promoters: 0, passives: 0, detractors: 0 };
      for await (const { survey } of records.find(answers, { projection: { survey: 1 } })) {
        if (survey?.score !== undefined) counts[recommendationOf(survey.score)]++;
      }
      const score = netPromoterScore(counts);
      return score === undefined ? undefined : { value: score.score, size: score.answers };
    }
    if (rule.metric === 'unanswered') {
      return unanswered({ records, turns }, filter, { tenant, from, until, waitMs: rule.waitMinutes * 60_000 });
    }
    const negative =
      rule.topic === undefined
        ? { 'sentiment.label': 'negative' as const }
        : { topics: { $elemMatch: { id: rule.topic, polarity: 'negative' as const } } };
    const [size, negatives] = await Promise.all([
      records.countDocuments(filter),
      records.countDocuments({ ...filter, ...negative }),
    ]);
    if (size === 0) return undefined;
    return { value: rule.metric === 'negatives' ? negatives : negatives / size, size };
  });
}

/** Conversations in which a customer spoke last, longer ago than the rule waits; of all that began or went on. */
async function unanswered(
  { records, turns }: Pick<Database, 'records' | 'turns'>,
  filter: Filter<RecordDocument>,
  { tenant, from, until, waitMs }: TenantPeriod & { readonly waitMs: number },
): Promise<{ readonly value: number; readonly size: number } | undefined> {
  const asked = await records
    .aggregate<{ _id: string; at: Date }>([
      { $match: { ...filter, 'conversation.id': { $exists: true } } },
      { $group: { _id: '$conversation.id', at: { $max: '$occurredAt' } } },
    ])
    .toArray();
  if (asked.length === 0) return undefined;
  const answered = await turns
    .aggregate<{ _id: string; at: Date }>([
      { $match: { tenant, occurredAt: { $gte: new Date(from), $lt: new Date(until) } } },
      { $group: { _id: '$conversation', at: { $max: '$occurredAt' } } },
    ])
    .toArray();
  const answers = new Map(answered.map(({ _id, at }) => [_id, at.getTime()]));
  const waiting = asked.filter(
    ({ _id, at }) => at.getTime() <= until - waitMs && (answers.get(_id) ?? 0) < at.getTime(),
  );
  return { value: waiting.length, size: asked.length };
}

/** How many records hold each negative opinion, by its key. */
export function countOpinions(
  { records }: Records,
  { tenant, from, until }: TenantPeriod,
): Promise<Map<string, number>> {
  return withMongo(async () => {
    const counts = await records
      .aggregate<{ _id: string; count: number }>([
        {
          $match: {
            tenant,
            occurredAt: { $gte: new Date(from), $lt: new Date(until) },
            duplicateOf: { $exists: false },
          },
        },
        { $unwind: '$opinions' },
        { $match: { 'opinions.polarity': 'negative' } },
        { $group: { _id: { record: '$_id', key: '$opinions.key' } } },
        { $group: { _id: '$_id.key', count: { $sum: 1 } } },
      ])
      .toArray();
    return new Map(counts.map(({ _id, count }) => [_id, count]));
  });
}

/** Times of the newest feedback of each channel before a time, milliseconds since 1970. */
export function lastHeard({ records }: Records, tenant: string, before: number): Promise<Map<Channel, number>> {
  return withMongo(async () => {
    const found = await Promise.all(
      channels.map(async (channel) => {
        const [last] = await records
          .find({ tenant, channel, occurredAt: { $lt: new Date(before) } }, { projection: { occurredAt: 1 } })
          .sort({ occurredAt: -1 })
          .limit(1)
          .toArray();
        return last === undefined ? [] : [[channel, last.occurredAt.getTime()] as const];
      }),
    );
    return new Map(found.flat());
  });
}

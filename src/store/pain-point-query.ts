import type { TopicId } from '../domain/labels.ts';
import { type PainPoint, rankPainPoints } from '../insight/pain-points.ts';
import type { TopicCount } from '../insight/topic-counts.ts';
import { pickVerbatim, type Verbatim } from '../insight/verbatim.ts';
import type { Database } from './database.ts';
import { fromDocument, hourOf } from './documents.ts';
import { withMongo } from './mongo-error.ts';
import { countTopics, matching, type TopicCountFilter } from './topic-count-query.ts';

/** Which pain points to show. The period is widened to whole hours, UTC. */
export interface PainPointFilter extends TopicCountFilter {
  readonly topic?: TopicId | undefined;
  /** Pain points at most. */
  readonly limit: number;
}

/** A pain point with a sentence that shows it. */
export interface PainPointWithVerbatim extends PainPoint {
  readonly verbatim?: Verbatim;
}

/** Ranked pain points and what they were computed from. */
export interface PainPointReport {
  readonly since: string;
  readonly until: string;
  /** Pieces of feedback in the period that match the filter, whatever they are about. */
  readonly feedback: number;
  /** Whether anything of the tenant is stored at all; false is mostly a misspelt name. */
  readonly isTenantKnown: boolean;
  /** The same for the period of the same length before it; 0 means that there is nothing to compare with. */
  readonly previousFeedback: number;
  /** Hours of the period whose roll-up is still being recomputed; 0 means that everything stored is counted. */
  readonly hoursPending: number;
  readonly painPoints: readonly PainPointWithVerbatim[];
}

/** Records looked through for one verbatim. */
const verbatimCandidates = 40;

/**
 * Ranks what customers criticise in a period, against the period of the same length before it. Counts come from the
 * hourly roll-ups, or from the records themselves where attributes are filtered, which roll-ups do not hold.
 */
export function queryPainPoints(database: Database, filter: PainPointFilter): Promise<PainPointReport> {
  return withMongo(async () => {
    const since = hourOf(filter.since);
    const until = new Date(hourOf(new Date(filter.until.getTime() - 1)).getTime() + 3_600_000);
    const period = { ...filter, since, until };
    const before = { ...filter, since: new Date(2 * since.getTime() - until.getTime()), until: since };
    const [current, previous, feedback, previousFeedback, hoursPending] = await Promise.all([
      topicCounts(database, period),
      topicCounts(database, before),
      database.records.countDocuments(matching(period)),
      database.records.countDocuments(matching(before)),
      database.rollups.countDocuments({ tenant: filter.tenant, stale: true, hour: { $gte: since, $lt: until } }),
    ]);
    const ranked = rankPainPoints(current, previous)
      .filter(({ topic }) => filter.topic === undefined || topic === filter.topic)
      .slice(0, filter.limit);
    const painPoints = await Promise.all(ranked.map((painPoint) => withVerbatim(database, painPoint, period)));
    return {
      since: since.toISOString(),
      until: until.toISOString(),
      feedback,
      isTenantKnown: feedback > 0 || (await database.records.findOne({ tenant: filter.tenant })) !== null,
      previousFeedback,
      hoursPending,
      painPoints,
    };
  });
}

async function topicCounts(database: Database, filter: TopicCountFilter): Promise<TopicCount[]> {
  const rows =
    Object.keys(filter.attributes ?? {}).length > 0
      ? await countTopics(database.records, filter)
      : await sumRollups(database, filter);
  const sums = new Map<TopicId, TopicCount>();
  for (const row of rows) {
    const sum = sums.get(row.topic);
    sums.set(row.topic, {
      topic: row.topic,
      count: row.count + (sum?.count ?? 0),
      negative: row.negative + (sum?.negative ?? 0),
      positive: row.positive + (sum?.positive ?? 0),
      mixed: row.mixed + (sum?.mixed ?? 0),
      sentimentSum: row.sentimentSum + (sum?.sentimentSum ?? 0),
    });
  }
  return [...sums.values()];
}

function sumRollups({ rollups }: Database, filter: TopicCountFilter): Promise<TopicCount[]> {
  const { tenant, since, until, channel } = filter;
  return rollups
    .aggregate<TopicCount>([
      { $match: { tenant, hour: { $gte: since, $lt: until } } },
      { $unwind: '$rows' },
      ...(channel === undefined ? [] : [{ $match: { 'rows.channel': channel } }]),
      {
        $group: {
          _id: '$rows.topic',
          count: { $sum: '$rows.count' },
          negative: { $sum: '$rows.negative' },
          positive: { $sum: '$rows.positive' },
          mixed: { $sum: '$rows.mixed' },
          sentimentSum: { $sum: '$rows.sentimentSum' },
        },
      },
      { $project: { _id: 0, topic: '$_id', count: 1, negative: 1, positive: 1, mixed: 1, sentimentSum: 1 } },
    ])
    .toArray();
}

async function withVerbatim(
  { records }: Database,
  painPoint: PainPoint,
  filter: TopicCountFilter,
): Promise<PainPointWithVerbatim> {
  const candidates = await records
    .find({ ...matching(filter), topics: { $elemMatch: { id: painPoint.topic, polarity: 'negative' } } })
    .sort({ occurredAt: -1 })
    .limit(verbatimCandidates)
    .toArray();
  const verbatim = pickVerbatim(candidates.map(fromDocument), painPoint.topic);
  return { ...painPoint, ...(verbatim !== undefined && { verbatim }) };
}

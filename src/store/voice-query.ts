import type { Filter } from 'mongodb';
import type { TopicId } from '../domain/labels.ts';
import type { Estimate } from '../insight/difference.ts';
import type { FeedbackCounts, Stance } from '../insight/feedback-counts.ts';
import { revenueAtRisk } from '../insight/revenue-at-risk.ts';
import { pickVerbatims, type QuotableRecord, type Verbatim } from '../insight/verbatim.ts';
import { sortPoints, type VoiceOrder } from '../insight/voice-order.ts';
import { byTopic, customersOf, feedbackIn, type VoicePoint, voicePoints } from '../insight/voice-points.ts';
import { readRevenueRisks } from './churn-risks.ts';
import type { Database } from './database.ts';
import type { RecordDocument } from './documents.ts';
import { countFeedback, countPendingHours, fullHours } from './feedback-counts-query.ts';
import { type FeedbackFilter, matching, matchingAnyTime, periodBefore } from './feedback-filter.ts';
import { withMongo } from './mongo-error.ts';
import { type AttributeShare, sharesByAttribute } from './shares-by-attribute.ts';

/** Which voices to rank: who criticises, praises or asks for what. The period is widened to full hours, UTC. */
export interface VoiceFilter extends FeedbackFilter {
  readonly stance: Stance;
  readonly topic?: TopicId | undefined;
  readonly sort: VoiceOrder;
  /** Points at most. */
  readonly limit: number;
  /** Attribute by whose values the points are told apart too; reads every record of the period. */
  readonly by?: string | undefined;
}

/** A topic on which customers take a stance, with everything that an analyst needs to act on it. */
export interface RankedVoice extends VoicePoint {
  /** Revenue a month at risk; absent while no churn risks are stored, see `revenueAtRisk`. */
  readonly revenueAtRisk?: Estimate;
  /** When the stance was first taken under the same filter, in any period; RFC 3339. */
  readonly firstSeen?: string;
  /** Shares by value of the attribute asked for, most voices first. */
  readonly attribute?: readonly AttributeShare[];
  /** Up to three sentences that say it, no two alike. */
  readonly verbatims: readonly Verbatim[];
}

/** Ranked voices and what they were computed from. */
export interface VoiceReport extends PeriodFacts {
  readonly stance: Stance;
  readonly points: readonly RankedVoice[];
}

/** What a report on a period was computed from. */
export interface PeriodFacts {
  /** RFC 3339. */
  readonly since: string;
  readonly until: string;
  /** Pieces of feedback in the period that match the filter, whatever they are about. */
  readonly feedback: number;
  /** The same for the period of the same length before it; 0 means that there is nothing to compare with. */
  readonly previousFeedback: number;
  /** Hours of the period whose roll-up is still being recomputed; 0 means that everything stored is counted. */
  readonly hoursPending: number;
  /** Whether anything of the tenant is stored at all; false is mostly a misspelt name. */
  readonly isTenantKnown: boolean;
}

const verbatimCandidates = 40;
const verbatimsShown = 3;
/** What a verbatim is made of. */
const quotedFields = {
  _id: 0,
  id: 1,
  occurredAt: 1,
  channel: 1,
  text: 1,
  'sentences.span': 1,
  'sentences.topics': 1,
  'sentences.intents': 1,
  'sentences.sentiment': 1,
  'opinions.target.span': 1,
  'opinions.expression.span': 1,
} as const;
type QuotedDocument = Omit<QuotableRecord, 'occurredAt'> & Pick<RecordDocument, 'occurredAt'>;

/** Ranks what customers criticise, praise or ask for in a period, against the period of the same length before it. */
export function queryVoices(database: Database, filter: VoiceFilter): Promise<VoiceReport> {
  return withMongo(async () => {
    const period = fullHours(filter);
    const { stance, topic, sort, limit } = filter;
    const { current, previous, facts } = await comparedPeriods(database, period, { voices: true, opinions: true });
    const points = voicePoints(stance, current, previous).filter(
      (point) => topic === undefined || point.topic === topic,
    );
    const samples = new Map([...byTopic(current.topics)].map(([id, rows]) => [id, customersOf(rows, stance)]));
    const hashes = points.flatMap((point) => samples.get(point.topic) ?? []);
    const scores = await readRevenueRisks(database, filter.tenant, hashes);
    const valued = points.map((point) => ({
      ...point,
      ...(scores !== undefined && { revenueAtRisk: revenueAtRisk(samples.get(point.topic) ?? [], scores) }),
    }));
    const shown = sortPoints(valued, stance, sort).slice(0, limit);
    const attribute =
      filter.by === undefined ? undefined : await sharesByAttribute(database, period, stance, filter.by);
    const details = await Promise.all(shown.map((point) => evidenceOf(database, period, stance, point.topic)));
    return {
      stance,
      ...facts,
      points: shown.map((point, at) => ({
        ...point,
        ...(attribute !== undefined && { attribute: attribute.get(point.topic) ?? [] }),
        ...(details[at] ?? { verbatims: [] }),
      })),
    };
  });
}

/** Counts of a period of full hours and numbers of the one before it. */
export async function comparedPeriods(
  database: Database,
  period: FeedbackFilter,
  parts: { readonly voices: boolean; readonly opinions: boolean },
): Promise<{ readonly current: FeedbackCounts; readonly previous: FeedbackCounts; readonly facts: PeriodFacts }> {
  const [current, previous, hoursPending] = await Promise.all([
    countFeedback(database, period, parts),
    countFeedback(database, periodBefore(period), { voices: false, opinions: parts.opinions && !parts.voices }),
    countPendingHours(database, period),
  ]);
  const feedback = feedbackIn(current);
  const isTenantKnown = feedback > 0 || (await isKnown(database, period.tenant));
  const facts = {
    since: period.since.toISOString(),
    until: period.until.toISOString(),
    feedback,
    previousFeedback: feedbackIn(previous),
    hoursPending,
    isTenantKnown,
  };
  return { current, previous, facts };
}

/** Whether any feedback of a tenant is stored. */
export async function isKnown({ records }: Pick<Database, 'records'>, tenant: string): Promise<boolean> {
  return (await records.findOne({ tenant }, { projection: { _id: 1 } })) !== null;
}

async function evidenceOf(
  { records }: Database,
  filter: FeedbackFilter,
  stance: Stance,
  topic: TopicId,
): Promise<Pick<RankedVoice, 'firstSeen' | 'verbatims'>> {
  const taking = stanceFilter(stance, topic);
  const [candidates, first] = await Promise.all([
    records
      .find({ ...matching(filter), ...taking })
      .sort({ occurredAt: -1 })
      .limit(verbatimCandidates)
      .project<QuotedDocument>(quotedFields)
      .toArray(),
    records
      .find({ ...matchingAnyTime(filter), ...taking })
      .sort({ occurredAt: 1 })
      .limit(1)
      .project<Pick<RecordDocument, 'occurredAt'>>({ occurredAt: 1 })
      .next(),
  ]);
  return {
    ...(first !== null && { firstSeen: first.occurredAt.toISOString() }),
    verbatims: pickVerbatims(
      candidates.map((record) => ({ ...record, occurredAt: record.occurredAt.toISOString() })),
      topic,
      stance,
      verbatimsShown,
    ),
  };
}

/** Records that take a stance on a topic. */
function stanceFilter(stance: Stance, topic: TopicId): Filter<RecordDocument> {
  if (stance === 'request') {
    const asking = { 'topics.id': topic, 'intents.id': { $in: ['request', 'suggestion'] as const } };
    return { 'topics.id': topic, sentences: { $elemMatch: asking } } as Filter<RecordDocument>;
  }
  const polarity = stance === 'criticism' ? ('negative' as const) : ('positive' as const);
  return { 'topics.id': topic, topics: { $elemMatch: { id: topic, polarity } } };
}

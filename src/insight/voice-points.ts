import type { Channel, TopicId } from '../domain/labels.ts';
import { adjustedPValues } from './benjamini-hochberg.ts';
import { type BetaPrior, fitBetaPrior, shrunkShare } from './beta-prior.ts';
import { type CustomerSample, countCustomers, sampleOf } from './customer-sample.ts';
import { type Estimate, shareDifferencePValue } from './difference.ts';
import { type FeedbackCounts, type OpinionCount, type Stance, type TopicCount, voicesOf } from './feedback-counts.ts';
import { netPromoterScore, type Recommendations } from './nps.ts';
import { severityOf } from './severity.ts';
import { wilsonInterval } from './wilson.ts';

/** How many pieces of feedback about something take a stance, and how surely. */
export interface VoiceShare {
  /** Pieces of feedback about it. */
  readonly count: number;
  /** Those that take the stance. */
  readonly voices: number;
  /** `voices / count`. */
  readonly share: number;
  /** 95 % Wilson interval of that share. */
  readonly interval: readonly [low: number, high: number];
}

/** How much more or less often something is said than in the period of the same length just before. */
export interface VoiceChange {
  /** Pieces of feedback that said it before. */
  readonly previous: number;
  /** Its share of all feedback now by the share before; absent where nobody said it before. */
  readonly growth?: number;
  /** Two-sided p-value of both shares being equal. */
  readonly pValue: number;
  /** The same after Benjamini and Hochberg's correction over all that were compared. */
  readonly q: number;
}

/** What counts tell about one topic on which customers take a stance. */
export interface VoicePoint extends VoiceShare {
  readonly topic: TopicId;
  /** The share, drawn to that of all topics where there is little feedback. */
  readonly shrunkShare: number;
  /** Mean sentiment of the feedback about it, from -1 to 1. */
  readonly sentiment: number;
  /** From 0 to 100, see `severityOf`. */
  readonly severity: number;
  /** Absent where there is no feedback in the period before. */
  readonly change?: VoiceChange;
  /** Distinct customers who take the stance: exact up to 511 of them, then an estimate. */
  readonly customers: Estimate;
  /** Points that the net promoter score has because of the answers that take the stance; absent without answers. */
  readonly npsImpact?: { readonly points: number; readonly answers: number };
  /** Opinions of the same sign about the topic, by how many pieces of feedback hold them. */
  readonly opinions: readonly { readonly key: string; readonly count: number }[];
  readonly channels: readonly (VoiceShare & { readonly channel: Channel })[];
}

const opinionsShown = 5;

/**
 * Everything that counts tell about a stance on each topic; topics on which nobody takes it are left out.
 *
 * @param current with voices and opinions
 * @param previous the period before; numbers are enough
 */
export function voicePoints(stance: Stance, current: FeedbackCounts, previous: FeedbackCounts): VoicePoint[] {
  const topics = byTopic(current.topics);
  const groups = [...topics.values()].map((rows) => ({ successes: voicesIn(rows, stance), trials: countIn(rows) }));
  const prior = fitBetaPrior(groups);
  const changes = changesOf(
    termsOf(current, stance),
    feedbackIn(current),
    termsOf(previous, stance),
    feedbackIn(previous),
  );
  const opinions = byTopic(current.opinions.filter(({ key }) => key.endsWith(opinionSigns[stance])));
  return [...topics].flatMap(([topic, rows]) => {
    if (voicesIn(rows, stance) === 0) return [];
    const change = changes.get(topic);
    return [
      {
        ...pointOf(topic, rows, stance, current, prior),
        ...(change !== undefined && { change }),
        opinions: mostFrequent(opinions.get(topic) ?? []),
      },
    ];
  });
}

/** What a request would mend is told by what is criticised. */
const opinionSigns: Readonly<Record<Stance, string>> = { criticism: ':-', praise: ':+', request: ':-' };

function pointOf(
  topic: TopicId,
  rows: readonly TopicCount[],
  stance: Stance,
  { feedback }: FeedbackCounts,
  prior: BetaPrior,
): Omit<VoicePoint, 'change' | 'opinions'> {
  const share = voiceShare({ count: countIn(rows), voices: voicesIn(rows, stance) });
  const depth = shrunkShare({ successes: share.voices, trials: share.count }, prior);
  const sentiment = rows.reduce((sum, row) => sum + row.sentimentSum, 0) / share.count;
  const reach = share.voices / feedbackIn({ feedback });
  const npsImpact = leaveOneOut(
    feedback,
    rows.flatMap((row) => row.voices[stance] ?? []),
  );
  return {
    topic,
    ...share,
    shrunkShare: depth,
    sentiment,
    severity: severityOf(stance, { reach, depth, sentiment }),
    customers: countCustomers(customersOf(rows, stance)),
    ...(npsImpact !== undefined && { npsImpact }),
    channels: rows.map((row) => ({
      channel: row.channel,
      ...voiceShare({ count: row.count, voices: voicesOf(row, stance) }),
    })),
  };
}

/** The customers who take a stance, over rows of one topic. */
export function customersOf(rows: readonly TopicCount[], stance: Stance): CustomerSample {
  return sampleOf(rows.flatMap(({ voices }) => voices[stance]?.customers ?? []));
}

/** A share with its interval; 0 of nothing. */
export function voiceShare({ count, voices }: Pick<VoiceShare, 'count' | 'voices'>): VoiceShare {
  return { count, voices, share: count === 0 ? 0 : voices / count, interval: wilsonInterval(voices, count) };
}

/** All feedback, whatever it is about. */
export function feedbackIn({ feedback }: Pick<FeedbackCounts, 'feedback'>): number {
  return feedback.reduce((sum, channel) => sum + channel.feedback, 0);
}

/**
 * How the share of each term in all feedback changed: the pooled z test of both shares.
 *
 * @returns by the terms of `current`; empty where one of the periods has no feedback
 */
export function changesOf<T>(
  current: ReadonlyMap<T, number>,
  feedback: number,
  previous: ReadonlyMap<T, number>,
  previousFeedback: number,
): Map<T, VoiceChange> {
  if (feedback === 0 || previousFeedback === 0) return new Map();
  const compared = [...current].map(([term, count]) => {
    const before = previous.get(term) ?? 0;
    const pValue = shareDifferencePValue(
      { successes: count, trials: feedback },
      { successes: before, trials: previousFeedback },
    );
    return { term, previous: before, pValue, growth: count / feedback / (before / previousFeedback) };
  });
  const adjusted = adjustedPValues(compared.map(({ pValue }) => pValue));
  return new Map(
    compared.map(({ term, growth, ...change }, at) => [
      term,
      { ...change, ...(change.previous > 0 && { growth }), q: adjusted[at] ?? 1 },
    ]),
  );
}

function termsOf({ topics }: FeedbackCounts, stance: Stance): Map<TopicId, number> {
  return new Map([...byTopic(topics)].map(([topic, rows]) => [topic, voicesIn(rows, stance)]));
}

/** Rows with the same topic together; those without one are left out. */
export function byTopic<T extends { readonly topic?: TopicId }>(rows: readonly T[]): Map<TopicId, T[]> {
  const groups = new Map<TopicId, T[]>();
  for (const row of rows) {
    if (row.topic === undefined) continue;
    const group = groups.get(row.topic);
    if (group === undefined) groups.set(row.topic, [row]);
    else group.push(row);
  }
  return groups;
}

function countIn(rows: readonly TopicCount[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0);
}

function voicesIn(rows: readonly TopicCount[], stance: Stance): number {
  return rows.reduce((sum, row) => sum + voicesOf(row, stance), 0);
}

function leaveOneOut(
  all: readonly Recommendations[],
  voices: readonly Recommendations[],
): { points: number; answers: number } | undefined {
  const [total, taken] = [netPromoterScore(answersIn(all)), answersIn(voices)];
  const answers = taken.promoters + taken.passives + taken.detractors;
  if (total === undefined || answers === 0) return undefined;
  const others = netPromoterScore({
    promoters: total.promoters - taken.promoters,
    passives: total.passives - taken.passives,
    detractors: total.detractors - taken.detractors,
  });
  return { points: total.score - (others?.score ?? 0), answers };
}

function answersIn(groups: readonly Recommendations[]): Recommendations {
  const sumOf = (group: keyof Recommendations) => groups.reduce((sum, one) => sum + one[group], 0);
  return { promoters: sumOf('promoters'), passives: sumOf('passives'), detractors: sumOf('detractors') };
}

function mostFrequent(opinions: readonly OpinionCount[]): { key: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { key, count } of opinions) counts.set(key, (counts.get(key) ?? 0) + count);
  return [...counts]
    .map(([key, count]) => ({ key, count }))
    .sort((one, other) => other.count - one.count || (one.key < other.key ? -1 : 1))
    .slice(0, opinionsShown);
}

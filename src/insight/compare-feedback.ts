import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import type { TopicId } from '../domain/labels.ts';
import type { EnrichedRecord } from '../domain/record.ts';
import { adjustedPValues } from './benjamini-hochberg.ts';
import { compareScores, type ScoreDifference } from './compare-scores.ts';
import { countCustomers, customerHash, sampleOf, sampleSize } from './customer-sample.ts';
import { differencePValue, type Estimate, shareDifferencePValue } from './difference.ts';
import { termShifts } from './log-odds.ts';
import { type AnswerCount, type SurveyScores, scoreSurveys } from './survey-scores.ts';
import { wilsonInterval } from './wilson.ts';

/** What of a record segments are compared by. */
export type ComparedRecord = Pick<EnrichedRecord, 'topics'> &
  Partial<Pick<EnrichedRecord, 'customer' | 'sentiment' | 'survey'>>;

/** Figures of a segment of the feedback. */
export interface SegmentFigures {
  readonly feedback: number;
  /** Distinct customers: exact up to 511 of them, then an estimate. */
  readonly customers: Estimate;
  /** Pieces of feedback whose sentiment is known. */
  readonly judged: number;
  /** Those that are negative. */
  readonly negative: number;
  /** `negative / judged`, with its 95 % Wilson interval; absent where nothing is judged. */
  readonly negativeShare?: number;
  readonly interval?: readonly [low: number, high: number];
  /** Mean from -1 to 1; absent with fewer than two, of which no error can be told. */
  readonly sentiment?: Estimate;
  readonly scores: SurveyScores;
  /** Pieces of feedback about each topic. */
  readonly topics: ReadonlyMap<TopicId, number>;
}

/** Adds up a segment, in memory that does not grow with it. */
export interface SegmentSum {
  add(record: ComparedRecord): void;
  figures(): SegmentFigures;
}

/** Begins with nothing added. */
export function createSegmentSum(): SegmentSum {
  const sums = { feedback: 0, judged: 0, negative: 0, score: 0, squares: 0 };
  const topics = new Map<TopicId, number>();
  const answers = new Map<string, AnswerCount>();
  let customers = new Set<number>();
  return {
    add({ topics: mentions, customer, sentiment, survey }) {
      sums.feedback++;
      if (sentiment !== undefined) {
        sums.judged++;
        if (sentiment.label === 'negative') sums.negative++;
        sums.score += sentiment.score;
        sums.squares += sentiment.score ** 2;
      }
      for (const topic of new Set(mentions.map(({ id }) => id))) topics.set(topic, (topics.get(topic) ?? 0) + 1);
      addAnswer(answers, survey);
      if (customer !== undefined) customers.add(customerHash(customer));
      // What is not among the smallest now never will be.
      if (customers.size > 16 * sampleSize) customers = new Set(sampleOf(customers));
    },
    figures: () => ({
      feedback: sums.feedback,
      customers: countCustomers(sampleOf(customers)),
      judged: sums.judged,
      negative: sums.negative,
      ...(sums.judged > 0 && {
        negativeShare: sums.negative / sums.judged,
        interval: wilsonInterval(sums.negative, sums.judged),
      }),
      ...(sums.judged > 1 && { sentiment: meanOf(sums.score, sums.squares, sums.judged) }),
      scores: scoreSurveys([...answers.values()]),
      topics,
    }),
  };
}

function addAnswer(answers: Map<string, AnswerCount>, survey: ComparedRecord['survey']): void {
  if (survey?.metric === undefined || survey.score === undefined) return;
  if (survey.min === undefined || survey.max === undefined) return;
  const { metric, min, max, score } = survey;
  const key = `${metric}/${min}/${max}/${score}`;
  answers.set(key, { metric, min, max, score, count: (answers.get(key)?.count ?? 0) + 1 });
}

/** A mean with its standard error, from the sum of values, that of their squares, and their number. */
function meanOf(sum: number, squares: number, count: number): Estimate {
  const value = sum / count;
  // Rounding may leave less than nothing where all values are the same.
  const variance = Math.max(0, (squares - sum * value) / (count - 1));
  return { value, standardError: Math.sqrt(variance / count) };
}

/** What two segments differ by: the first one less the second. */
export interface FigureDifference {
  readonly difference: number;
  /** Two-sided p-value of both being equal. */
  readonly pValue: number;
}

/** A topic that one of two segments speaks of more than the other. */
export interface TopicDifference {
  readonly topic: TopicId;
  /** Pieces of feedback about it in either segment. */
  readonly one: number;
  readonly other: number;
  /** Above 0 the first segment speaks of it more, see `termShifts`. */
  readonly logOdds: number;
  /** That in standard errors. */
  readonly z: number;
  /** Two-sided p-value, corrected for all topics (Benjamini and Hochberg). */
  readonly q: number;
}

/** How two segments that share no feedback differ. Figures that one of them lacks are missing. */
export interface FeedbackComparison {
  /** The pooled z test of both shares. */
  readonly negativeShare?: FigureDifference;
  /** Wald's test of both means. */
  readonly sentiment?: FigureDifference;
  /** NPS in points, the others as shares. */
  readonly scores: readonly ScoreDifference[];
  /** The most striking first. */
  readonly topics: readonly TopicDifference[];
}

/** Compares two segments. */
export function compareFeedback(one: SegmentFigures, other: SegmentFigures): FeedbackComparison {
  const trials = ({ negative, judged }: SegmentFigures) => ({ successes: negative, trials: judged });
  const shares = [one.negativeShare, other.negativeShare] as const;
  const means = [one.sentiment, other.sentiment] as const;
  return {
    ...(shares[0] !== undefined &&
      shares[1] !== undefined && {
        negativeShare: {
          difference: shares[0] - shares[1],
          pValue: shareDifferencePValue(trials(one), trials(other)),
        },
      }),
    ...(means[0] !== undefined &&
      means[1] !== undefined && {
        sentiment: { difference: means[0].value - means[1].value, pValue: differencePValue(means[0], means[1]) },
      }),
    scores: compareScores(one.scores, other.scores),
    topics: topicDifferences(one.topics, other.topics),
  };
}

/** Where one segment is empty there is nothing to compare with. */
function topicDifferences(one: SegmentFigures['topics'], other: SegmentFigures['topics']): TopicDifference[] {
  if (one.size === 0 || other.size === 0) return [];
  const shifts = termShifts(one, other);
  const adjusted = adjustedPValues(shifts.map(({ z }) => 2 * normalCdf(-Math.abs(z), 0, 1)));
  return shifts
    .map(({ term, count, baselineCount, logOdds, z }, at) => ({
      topic: term as TopicId,
      one: count,
      other: baselineCount,
      logOdds,
      z,
      q: adjusted[at] ?? 1,
    }))
    .sort((first, second) => Math.abs(second.z) - Math.abs(first.z));
}

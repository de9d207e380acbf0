import { type NetPromoterScore, netPromoterScore, type Recommendations, recommendationOf } from './nps.ts';
import { wilsonInterval } from './wilson.ts';

/** How often one answer was given to questions of one metric on one scale. */
export interface AnswerCount {
  readonly metric: SurveyMetric;
  readonly min: number;
  readonly max: number;
  readonly score: number;
  readonly count: number;
}

/** Recommendation, satisfaction, effort, and whether one would definitely buy. */
export const surveyMetrics = ['nps', 'csat', 'ces', 'dwb'] as const;
export type SurveyMetric = (typeof surveyMetrics)[number];

/** Answers that are not counted, because their scale is not the metric's. */
export interface ExcludedAnswers {
  readonly metric: SurveyMetric;
  readonly min: number;
  readonly max: number;
  readonly answers: number;
  readonly reason: string;
}

/** The share of answers in the upper part of a scale. */
export interface TopBoxScore {
  readonly answers: number;
  /** Answers in the upper part. */
  readonly top: number;
  /** `top / answers`, from 0 to 1. */
  readonly share: number;
  /** 95 % Wilson interval of the share. */
  readonly interval: readonly [low: number, high: number];
  /** Mean answer, from 0 at the lowest end of the scale to 1 at the highest. */
  readonly mean: number;
}

/** Scores of a group; metrics without answers are missing. */
export interface SurveyScores {
  readonly nps?: NetPromoterScore;
  readonly csat?: TopBoxScore;
  readonly ces?: TopBoxScore;
  readonly dwb?: TopBoxScore;
  readonly excluded: readonly ExcludedAnswers[];
}

/**
 * From which part of the scale on an answer counts: satisfied is 4 of 1 to 5, easy is 5 of 1 to 7, would definitely buy
 * is the highest answer alone.
 */
const topFrom = { csat: 0.75, ces: 2 / 3, dwb: 1 } as const;

/**
 * Scores of survey answers over any number of surveys. NPS is defined on 0 to 10 only:
 * answers on another scale are left out and told, never stretched.
 */
export function scoreSurveys(counts: readonly AnswerCount[]): SurveyScores {
  const excluded = excludedAnswers(counts);
  const recommendations: { -readonly [group in keyof Recommendations]: number } = {
    promoters: 0,
    passives: 0,
    detractors: 0,
  };
  for (const { metric, score, count, min, max } of counts) {
    if (metric === 'nps' && isNpsScale({ min, max })) recommendations[recommendationOf(score)] += count;
  }
  const nps = netPromoterScore(recommendations);
  const boxes = (['csat', 'ces', 'dwb'] as const).flatMap((metric) => {
    const score = topBox(
      counts.filter((count) => count.metric === metric),
      topFrom[metric],
    );
    return score === undefined ? [] : [[metric, score] as const];
  });
  return { ...(nps !== undefined && { nps }), ...Object.fromEntries(boxes), excluded };
}

function isNpsScale({ min, max }: Pick<AnswerCount, 'min' | 'max'>): boolean {
  return min === 0 && max === 10;
}

function excludedAnswers(counts: readonly AnswerCount[]): ExcludedAnswers[] {
  const byScale = new Map<string, ExcludedAnswers>();
  for (const { metric, min, max, count } of counts) {
    if (metric !== 'nps' || isNpsScale({ min, max })) continue;
    const scale = `${min}–${max}`;
    const answers = (byScale.get(scale)?.answers ?? 0) + count;
    const reason = `NPS is defined on 0–10, these answers are on ${scale}; send them as csat, or ask on 0–10`;
    byScale.set(scale, { metric, min, max, answers, reason });
  }
  return [...byScale.values()];
}

function topBox(counts: readonly AnswerCount[], from: number): TopBoxScore | undefined {
  const answers = counts.reduce((sum, { count }) => sum + count, 0);
  if (answers === 0) return undefined;
  const place = ({ score, min, max }: AnswerCount) => (score - min) / (max - min);
  const top = counts.filter((one) => place(one) >= from - 1e-9).reduce((sum, { count }) => sum + count, 0);
  const mean = counts.reduce((sum, one) => sum + place(one) * one.count, 0) / answers;
  return { answers, top, share: top / answers, interval: wilsonInterval(top, answers), mean };
}

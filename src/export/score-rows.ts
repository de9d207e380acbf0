import type { ScoreDifference } from '../insight/compare-scores.ts';
import { type SurveyMetric, type SurveyScores, surveyMetrics } from '../insight/survey-scores.ts';
import type { SurveyReport } from '../store/survey-query.ts';

/** The score of one metric in one group. */
export interface ScoreRow {
  /** `all`, `before` (the period before), or the value of the attribute asked for. */
  readonly group: string;
  readonly metric: SurveyMetric;
  /** Points of NPS, or a share from 0 to 1. */
  readonly score: number;
  readonly interval: readonly [low: number, high: number];
  readonly answers: number;
  readonly promoters?: number;
  readonly passives?: number;
  readonly detractors?: number;
  /** From the period before, or from all other segments. */
  readonly difference?: number;
  readonly pValue?: number;
}

/** Every score of a report as a row of its own. */
export function scoreRows({ scores, previous, differences, segments }: SurveyReport): ScoreRow[] {
  return [
    ...rowsOf('all', scores, differences),
    ...rowsOf('before', previous, []),
    ...segments.flatMap((one) => rowsOf(one.segment, one.scores, one.differences)),
  ];
}

function rowsOf(group: string, scores: SurveyScores, differences: readonly ScoreDifference[]): ScoreRow[] {
  return surveyMetrics.flatMap((metric): ScoreRow[] => {
    const found = differences.find((one) => one.metric === metric);
    const compared = found === undefined ? {} : { difference: found.difference, pValue: found.pValue };
    if (metric === 'nps') {
      if (scores.nps === undefined) return [];
      const { score, interval, answers, promoters, passives, detractors } = scores.nps;
      return [{ group, metric, score, interval, answers, promoters, passives, detractors, ...compared }];
    }
    const box = scores[metric];
    if (box === undefined) return [];
    return [{ group, metric, score: box.share, interval: box.interval, answers: box.answers, ...compared }];
  });
}

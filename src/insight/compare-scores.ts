import { adjustedPValues } from './benjamini-hochberg.ts';
import { differencePValue, shareDifferencePValue } from './difference.ts';
import {
  type AnswerCount,
  type SurveyMetric,
  type SurveyScores,
  scoreSurveys,
  type TopBoxScore,
} from './survey-scores.ts';

/** How the score of one metric differs between two groups. */
export interface ScoreDifference {
  readonly metric: SurveyMetric;
  /** Points of NPS, or a share from 0 to 1: the first group less the second. */
  readonly difference: number;
  /** Two-sided p-value of both being equal. */
  readonly pValue: number;
}

/** Scores of a segment, and how they differ from those of everybody else. */
export interface SegmentScores {
  readonly segment: string;
  readonly scores: SurveyScores;
  /** Against all other segments together; `q` is corrected for all segments and metrics. */
  readonly differences: readonly (ScoreDifference & { readonly q: number })[];
}

/** Differences of every metric that both groups answered. */
export function compareScores(one: SurveyScores, other: SurveyScores): ScoreDifference[] {
  const nps =
    one.nps === undefined || other.nps === undefined
      ? []
      : [
          {
            metric: 'nps' as const,
            difference: one.nps.score - other.nps.score,
            pValue: differencePValue(
              { value: one.nps.score, standardError: one.nps.standardError },
              { value: other.nps.score, standardError: other.nps.standardError },
            ),
          },
        ];
  const boxes = (['csat', 'ces', 'dwb'] as const).flatMap((metric) => {
    const [first, second] = [one[metric], other[metric]];
    if (first === undefined || second === undefined) return [];
    const pValue = shareDifferencePValue(trialsOf(first), trialsOf(second));
    return [{ metric, difference: first.share - second.share, pValue }];
  });
  return [...nps, ...boxes];
}

function trialsOf({ top, answers }: TopBoxScore) {
  return { successes: top, trials: answers };
}

/** Scores by segment, each against the rest; segments with the most answers first. */
export function compareSegments(counts: readonly (AnswerCount & { readonly segment: string })[]): SegmentScores[] {
  const segments = [...new Set(counts.map(({ segment }) => segment))];
  const compared = segments.map((segment) => {
    const own = counts.filter((count) => count.segment === segment);
    const scores = scoreSurveys(own);
    const others = scoreSurveys(counts.filter((count) => count.segment !== segment));
    const answers = own.reduce((sum, { count }) => sum + count, 0);
    return { segment, scores, answers, differences: compareScores(scores, others) };
  });
  const adjusted = adjustedPValues(compared.flatMap(({ differences }) => differences.map(({ pValue }) => pValue)));
  return compared
    .map(({ differences, ...rest }) => ({
      ...rest,
      differences: differences.map((difference) => ({ ...difference, q: adjusted.shift() ?? 1 })),
    }))
    .sort((one, other) => other.answers - one.answers || (one.segment < other.segment ? -1 : 1))
    .map(({ answers, ...segment }) => segment);
}

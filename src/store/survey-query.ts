import { compareScores, compareSegments, type ScoreDifference, type SegmentScores } from '../insight/compare-scores.ts';
import { type AnswerCount, type SurveyScores, scoreSurveys, surveyMetrics } from '../insight/survey-scores.ts';
import type { Database } from './database.ts';
import { type FeedbackFilter, matching, periodBefore } from './feedback-filter.ts';
import { withMongo } from './mongo-error.ts';
import { isKnown } from './voice-query.ts';

/** Which answers to score. */
export interface SurveyFilter extends FeedbackFilter {
  /** Attribute by whose values the scores are told apart. */
  readonly by?: string | undefined;
  /** Segments at most. */
  readonly limit: number;
}

/** Scores of survey answers in a period. */
export interface SurveyReport {
  /** RFC 3339. */
  readonly since: string;
  readonly until: string;
  readonly isTenantKnown: boolean;
  readonly scores: SurveyScores;
  /** The period of the same length just before, and how the scores differ from it. */
  readonly previous: SurveyScores;
  readonly differences: readonly ScoreDifference[];
  /** By value of the attribute asked for, most answers first; answers without it are `(none)`. */
  readonly segments: readonly SegmentScores[];
}

type Answers = AnswerCount & { readonly segment: string };

const withoutAttribute = '(none)';

/** Scores NPS, CSAT, CES and DWB of a period, against the period before it and between segments. */
export function querySurveys(database: Database, filter: SurveyFilter): Promise<SurveyReport> {
  return withMongo(async () => {
    const [current, before] = await Promise.all([
      countAnswers(database, filter, filter.by),
      countAnswers(database, periodBefore(filter), undefined),
    ]);
    const [scores, previous] = [scoreSurveys(current), scoreSurveys(before)];
    return {
      since: filter.since.toISOString(),
      until: filter.until.toISOString(),
      isTenantKnown: current.length > 0 || (await isKnown(database, filter.tenant)),
      scores,
      previous,
      differences: compareScores(scores, previous),
      segments: filter.by === undefined ? [] : compareSegments(current).slice(0, filter.limit),
    };
  });
}

async function countAnswers(
  { records }: Pick<Database, 'records'>,
  filter: FeedbackFilter,
  by: string | undefined,
): Promise<Answers[]> {
  const groups = await records
    .aggregate<{ _id: Omit<Answers, 'count' | 'segment'> & { segment?: unknown }; count: number }>([
      {
        $match: {
          ...matching(filter),
          'survey.metric': { $in: [...surveyMetrics] },
          'survey.score': { $exists: true },
        },
      },
      {
        $group: {
          _id: {
            metric: '$survey.metric',
            min: '$survey.min',
            max: '$survey.max',
            score: '$survey.score',
            ...(by !== undefined && { segment: `$attributes.${by}` }),
          },
          count: { $sum: 1 },
        },
      },
    ])
    .toArray();
  return groups.map(({ _id: { segment, ...answer }, count }) => ({
    ...answer,
    count,
    segment: segment === undefined || segment === null ? withoutAttribute : String(segment),
  }));
}

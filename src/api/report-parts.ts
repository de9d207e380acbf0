import { z } from 'zod';
import { topicIds } from '../domain/labels.ts';
import { surveyMetrics } from '../insight/survey-scores.ts';

// What several answers have in common.

/** A point in time. */
export const time = z.string().describe('RFC 3339.');
/** A 95 % interval. */
export const interval = z.array(z.number()).length(2).readonly().describe('95 % interval: lower and upper bound.');
/** A topic of the taxonomy. */
export const topic = z.enum(topicIds);

/** An estimate with its standard error. */
export const estimate = z.object({ value: z.number(), standardError: z.number() }).meta({ id: 'Estimate' });

/** What a report on a period was computed from. */
export const periodFacts = {
  since: time,
  until: time,
  feedback: z.int().describe('Pieces of feedback in the period that match the filter.'),
  previousFeedback: z.int().describe('The same for the period of the same length before it.'),
  hoursPending: z.int().describe('Hours of which newer feedback is still being counted.'),
  isTenantKnown: z.boolean().describe('Whether anything of the tenant is stored at all.'),
};

/** How a count differs from that of the period before. */
export const change = z
  .object({
    previous: z.int(),
    growth: z.number().optional().describe('Share now by the share before; absent where nobody said it before.'),
    pValue: z.number(),
    q: z.number().describe('p-value corrected for all that were compared (Benjamini and Hochberg).'),
  })
  .meta({ id: 'Change' });

const topBox = z
  .object({ answers: z.int(), top: z.int(), share: z.number(), interval, mean: z.number() })
  .meta({ id: 'TopBoxScore' });

/** Scores of a group's survey answers. */
export const surveyScores = z
  .object({
    nps: z
      .object({
        promoters: z.int(),
        passives: z.int(),
        detractors: z.int(),
        answers: z.int(),
        score: z.number().describe('Points from -100 to 100.'),
        standardError: z.number(),
        interval,
      })
      .optional(),
    csat: topBox.optional(),
    ces: topBox.optional(),
    dwb: topBox.optional(),
    excluded: z
      .array(
        z.object({
          metric: z.enum(surveyMetrics),
          min: z.number(),
          max: z.number(),
          answers: z.int(),
          reason: z.string(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'SurveyScores' });

/** How the score of a metric differs between two groups. */
export const scoreDifference = {
  metric: z.enum(surveyMetrics),
  difference: z.number().describe('Points of NPS, or a share: the first group less the second.'),
  pValue: z.number().describe('Two-sided, of both being equal.'),
};

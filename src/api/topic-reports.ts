import { z } from 'zod';
import { change, estimate, interval, periodFacts, scoreDifference, surveyScores, time, topic } from './report-parts.ts';

const topicFigures = {
  count: z.int().describe('Pieces of feedback about it.'),
  negative: z.int().describe('Those that criticise it, praising it besides or not.'),
  positive: z.int().describe('Those that praise it, criticising it besides or not.'),
  mixed: z.int().describe('Those that do both; they are in `negative` and in `positive` too.'),
  requests: z.int().describe('Those that ask for something about it.'),
  negativeShare: z.number().optional().describe('`negative / count`; absent where there is none.'),
  interval: interval.optional().describe('95 % Wilson interval of that share.'),
  sentiment: z.number().optional().describe('Mean, from -1 to 1.'),
};

/** The taxonomy with how often each topic is spoken of. */
export const topicReport = z
  .object({
    ...periodFacts,
    topics: z
      .array(
        z.object({
          topic,
          names: z.object({ ja: z.string(), en: z.string() }),
          covers: z.string().describe('What belongs to it.'),
          ...topicFigures,
          change: change.optional(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'TopicReport' });

/** How a topic is spoken of as time goes by. */
export const topicTimelineReport = z
  .object({
    topic,
    since: time,
    until: time,
    feedback: z.int().describe('All feedback, whatever it is about.'),
    ...topicFigures,
    hoursPending: z.int().describe('Hours of which newer feedback is still being counted.'),
    isTenantKnown: z.boolean(),
    buckets: z
      .array(
        z.object({
          since: time,
          until: time,
          complete: z.boolean().describe('False while the bucket goes on.'),
          feedback: z.int(),
          ...topicFigures,
        }),
      )
      .readonly(),
  })
  .meta({ id: 'TopicTimelineReport' });

const segment = z
  .object({
    attributes: z
      .record(z.string(), z.string())
      .readonly()
      .optional()
      .describe('Absent for everything that is not in the first segment.'),
    feedback: z.int(),
    customers: estimate.describe('Distinct customers.'),
    judged: z.int().describe('Pieces of feedback whose sentiment is known.'),
    negative: z.int(),
    negativeShare: z.number().optional(),
    interval: interval.optional().describe('95 % Wilson interval of that share.'),
    sentiment: estimate.optional().describe('Mean, from -1 to 1.'),
    scores: surveyScores,
  })
  .meta({ id: 'Segment' });

const difference = z
  .object({
    difference: z.number().describe('The first segment less the second.'),
    pValue: z.number().describe('Two-sided, of both being equal.'),
  })
  .optional();

/** How two segments of the feedback differ. */
export const segmentReport = z
  .object({
    since: time,
    until: time,
    isTenantKnown: z.boolean(),
    one: segment,
    other: segment,
    inBoth: z.int().describe('Pieces of feedback that are in both segments; they count in neither.'),
    differences: z.object({
      negativeShare: difference,
      sentiment: difference,
      scores: z.array(z.object(scoreDifference)).readonly(),
      topics: z
        .array(
          z.object({
            topic,
            one: z.int(),
            other: z.int(),
            logOdds: z.number().describe('Above 0 the first segment speaks of it more.'),
            z: z.number().describe('That in standard errors.'),
            q: z.number().describe('Two-sided p-value, corrected for all topics (Benjamini and Hochberg).'),
          }),
        )
        .readonly()
        .describe('Most striking first.'),
    }),
  })
  .meta({ id: 'SegmentReport' });

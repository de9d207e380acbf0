import { z } from 'zod';
import { channels } from '../domain/labels.ts';
import { spanSchema } from '../domain/span.ts';
import { courses } from '../insight/conversation.ts';
import { stances } from '../insight/feedback-counts.ts';
import { change, estimate, interval, periodFacts, scoreDifference, surveyScores, time, topic } from './report-parts.ts';

// What queries answer, for validation and for the OpenAPI document. A route that returns a query's report fails to
// compile when both differ.

const share = {
  count: z.int().describe('Pieces of feedback about it.'),
  voices: z.int().describe('Those that take the stance.'),
  share: z.number(),
  interval: interval.describe('95 % Wilson interval of the share.'),
};

const verbatim = z
  .object({
    id: z.string(),
    occurredAt: time,
    channel: z.enum(channels),
    sentence: z.string(),
    highlights: z.array(spanSchema).readonly().describe('Ranges of the sentence in UTF-16 code units.'),
  })
  .meta({ id: 'Verbatim' });

/** Topics on which customers take a stance. */
export const voiceReport = z
  .object({
    ...periodFacts,
    stance: z.enum(stances),
    points: z
      .array(
        z.object({
          ...share,
          topic,
          shrunkShare: z.number().describe('The share, drawn to that of all topics where there is little feedback.'),
          sentiment: z.number().describe('Mean, from -1 to 1.'),
          severity: z.number().describe('From 0 to 100.'),
          change: change.optional(),
          customers: estimate.describe('Distinct customers who take the stance.'),
          npsImpact: z.object({ points: z.number(), answers: z.int() }).optional(),
          opinions: z.array(z.object({ key: z.string(), count: z.int() })).readonly(),
          channels: z.array(z.object({ ...share, channel: z.enum(channels) })).readonly(),
          revenueAtRisk: estimate.optional().describe('Revenue a month at risk.'),
          firstSeen: time.optional(),
          attribute: z
            .array(z.object({ ...share, value: z.string() }))
            .readonly()
            .optional(),
          verbatims: z.array(verbatim).readonly(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'VoiceReport' });

/** Opinions by how many pieces of feedback hold them. */
export const opinionReport = z
  .object({
    ...periodFacts,
    opinions: z
      .array(
        z.object({
          key: z.string().describe('`target:expression:sign`'),
          count: z.int(),
          topics: z.array(topic).readonly(),
          change: change.optional(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'OpinionReport' });

const emergingIssues = z
  .array(
    z.object({
      term: z.string(),
      count: z.int(),
      baselineCount: z.int(),
      logOdds: z.number(),
      z: z.number(),
      q: z.number(),
      growth: z.number().optional(),
      topics: z.array(topic).readonly(),
      examples: z.array(z.object({ id: z.string(), occurredAt: time, sentence: z.string() })).readonly(),
    }),
  )
  .readonly();

/** What is spoken of more than it used to be. */
export const emergingReport = z
  .object({
    since: time,
    until: time,
    baselineSince: time,
    feedback: z.int(),
    baselineFeedback: z.int(),
    hoursPending: z.int(),
    isTenantKnown: z.boolean(),
    opinions: emergingIssues,
    topics: emergingIssues,
    uncovered: z
      .object({
        texts: z.int().describe('Pieces of feedback without a topic that were looked at, the newest.'),
        issues: z
          .array(
            z.object({
              names: z.array(z.string()).readonly().describe('Opinions and words that set them apart.'),
              count: z.int(),
              examples: z.array(z.object({ id: z.string(), occurredAt: time, text: z.string() })).readonly(),
            }),
          )
          .readonly()
          .describe('Groups that say the same, largest first.'),
      })
      .optional()
      .describe('What no topic covers, where it is asked for and there is a model to compare texts by.'),
  })
  .meta({ id: 'EmergingReport' });

/** Scores of survey answers. */
export const surveyReport = z
  .object({
    since: time,
    until: time,
    isTenantKnown: z.boolean(),
    scores: surveyScores,
    previous: surveyScores,
    differences: z.array(z.object(scoreDifference)).readonly(),
    segments: z
      .array(
        z.object({
          segment: z.string(),
          scores: surveyScores,
          differences: z.array(z.object({ ...scoreDifference, q: z.number() })).readonly(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'SurveyReport' });

/** What drives the net promoter score. */
export const driverReport = z
  .object({
    since: time,
    until: time,
    drivers: z
      .object({
        answers: z.int(),
        score: z.number(),
        explained: z.number(),
        tooFew: z.boolean().describe('Whether there are too few answers for the figures to mean much.'),
        drivers: z
          .array(
            z.object({
              topic: z.string(),
              answers: z.int(),
              loudness: z.number(),
              effect: z.number(),
              interval,
              share: z.number(),
            }),
          )
          .readonly(),
      })
      .optional()
      .describe('Absent without answers on the scale of 0 to 10.'),
  })
  .meta({ id: 'DriverReport' });

const seconds = z.number().optional().describe('Seconds; absent where there is nothing to measure.');

/** How a conversation went. */
export const conversationReport = z
  .object({
    id: z.string(),
    course: z.enum(courses),
    start: z.number(),
    end: z.number(),
    path: z.array(z.number()).readonly().describe("Scores of the customer's turns, in order."),
    counts: z.object({ customer: z.int(), agent: z.int(), bot: z.int() }),
    tippedBy: z.string().optional(),
    firstResponseSeconds: seconds,
    firstAgentResponseSeconds: seconds,
    resolutionSeconds: seconds,
    turns: z.array(
      z.object({
        id: z.string(),
        author: z.enum(['customer', 'agent', 'bot']),
        occurredAt: time,
        score: z.number().optional(),
      }),
    ),
  })
  .meta({ id: 'ConversationReport' });

import { z } from 'zod';
import { channels, topicIds } from '../domain/labels.ts';
import { spanSchema } from '../domain/span.ts';
import { courses } from '../insight/conversation.ts';
import { stances } from '../insight/feedback-counts.ts';
import { surveyMetrics } from '../insight/survey-scores.ts';

// What queries answer, for validation and for the OpenAPI document. A route that returns a query's report fails to
// compile when both differ.

const time = z.string().describe('RFC 3339.');
const interval = z.array(z.number()).length(2).readonly().describe('95 % interval: lower and upper bound.');
const topic = z.enum(topicIds);

const estimate = z.object({ value: z.number(), standardError: z.number() }).meta({ id: 'Estimate' });

const periodFacts = {
  since: time,
  until: time,
  feedback: z.int().describe('Pieces of feedback in the period that match the filter.'),
  previousFeedback: z.int().describe('The same for the period of the same length before it.'),
  hoursPending: z.int().describe('Hours of which newer feedback is still being counted.'),
  isTenantKnown: z.boolean().describe('Whether anything of the tenant is stored at all.'),
};

const share = {
  count: z.int().describe('Pieces of feedback about it.'),
  voices: z.int().describe('Those that take the stance.'),
  share: z.number(),
  interval: interval.describe('95 % Wilson interval of the share.'),
};

const change = z
  .object({
    previous: z.int(),
    growth: z.number().optional().describe('Share now by the share before; absent where nobody said it before.'),
    pValue: z.number(),
    q: z.number().describe('p-value corrected for all that were compared (Benjamini and Hochberg).'),
  })
  .meta({ id: 'Change' });

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
  })
  .meta({ id: 'EmergingReport' });

const topBox = z
  .object({ answers: z.int(), top: z.int(), share: z.number(), interval, mean: z.number() })
  .meta({ id: 'TopBoxScore' });

const scores = z
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

const difference = { metric: z.enum(surveyMetrics), difference: z.number(), pValue: z.number() };

/** Scores of survey answers. */
export const surveyReport = z
  .object({
    since: time,
    until: time,
    isTenantKnown: z.boolean(),
    scores,
    previous: scores,
    differences: z.array(z.object(difference)).readonly(),
    segments: z
      .array(
        z.object({
          segment: z.string(),
          scores,
          differences: z.array(z.object({ ...difference, q: z.number() })).readonly(),
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

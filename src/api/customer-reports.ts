import { z } from 'zod';
import { churnBands } from '../domain/churn-change.ts';
import { customerEventTypes } from '../domain/customer-event.ts';
import { intentIds, polarities, sentiments } from '../domain/labels.ts';
import { churnFeatureNames } from '../insight/churn-features.ts';
import { loyaltyQuadrants } from '../insight/loyalty.ts';
import { nextCursor } from './cursor.ts';
import { time } from './report-parts.ts';

const band = z.enum(churnBands).describe('From 5 % medium, from 15 % high, from 35 % critical.');

const contribution = {
  feature: z.enum(churnFeatureNames),
  value: z.number(),
  added: z.number().describe('Added probability; below 0 it speaks for staying.'),
  words: z.string().describe('The same in the language asked for.'),
  topic: z.string().optional().describe('Topic that most of the evidence is about.'),
};

const risk = {
  model: z.enum(['rule', 'fitted']).describe('`rule` while there are too few cancellations to learn from.'),
  risk: z.number().describe('Probability of leaving within 30 days.'),
  quarterRisk: z.number().describe('Probability of leaving within 90 days, if nothing changes.'),
  baseRisk: z.number().describe('Risk of a typical customer; it and all contributions add up to the risk.'),
  band,
};

const evidence = z.object({ id: z.string(), text: z.string() });

const moment = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('event'),
      id: z.string(),
      at: time,
      type: z.enum(customerEventTypes),
      amount: z.number().optional().describe('Money paid once.'),
      mrr: z.number().optional().describe('Recurring revenue a month from then on.'),
      count: z.number().optional().describe('Times used.'),
    }),
    z.object({
      kind: z.literal('feedback'),
      id: z.string(),
      at: time,
      text: z.string(),
      sentiment: z.enum(sentiments),
      score: z.number().describe('From -1 to 1.'),
      topics: z.array(z.object({ id: z.string(), polarity: z.enum(polarities) })).readonly(),
      intents: z.array(z.enum(intentIds)).readonly(),
      recommendation: z.number().optional().describe('Answer to the recommendation question, 0 to 10.'),
    }),
  ])
  .meta({ id: 'CustomerMoment' });

/** One customer: figures, timeline, and the risk of leaving with its reasons. */
export const customerReport = z
  .object({
    customer: z.string().describe('As in records: a pseudonym, unless koe is told otherwise.'),
    firstAt: time,
    lastAt: time,
    feedback: z.int(),
    negative: z.int(),
    positive: z.int(),
    sentiment: z.number().optional().describe('Mean, from -1 to 1; absent without feedback.'),
    recommendation: z.number().optional().describe('Latest answer to the recommendation question, 0 to 10.'),
    events: z.int(),
    amount: z.number().describe('Money paid at once, all purchases together.'),
    mrr: z.number().describe('Recurring revenue a month; 0 for who has left.'),
    leftAt: time.optional().describe('When they left for good.'),
    modelVersion: z.union([z.literal('rule'), z.int()]).describe('Of the risk: `rule`, or the fitted model by number.'),
    risk: z
      .object({
        ...risk,
        contributions: z
          .array(z.object({ ...contribution, verbatims: z.array(evidence).describe('Feedback behind it.') }))
          .describe('Largest first, whatever its sign.'),
      })
      .optional()
      .describe('As of now; absent for who has left.'),
    timeline: z.array(moment).readonly().describe('Events and feedback together, newest first.'),
    nextCursor,
  })
  .meta({ id: 'CustomerReport' });

/** Customers by their risk of leaving. */
export const churnReport = z
  .object({
    scoredAt: time.optional().describe('When the latest were scored; absent while nobody is (koe churn score).'),
    customers: z.int().describe('All who are scored, whatever the filter.'),
    bands: z.array(z.object({ band, customers: z.int() })).readonly(),
    items: z.array(
      z.object({
        customer: z.string(),
        scoredAt: time,
        mrr: z.number().describe('Recurring revenue a month.'),
        ...risk,
        contributions: z
          .array(z.object({ ...contribution, evidence: z.array(z.string()).readonly().describe('Ids of feedback.') }))
          .describe('Largest first, whatever its sign.'),
      }),
    ),
    nextCursor,
  })
  .meta({ id: 'ChurnReport' });

const part = z.number().describe('From 0 to 1; 0.5 is neither one nor the other.');

/** How loyal customers are. */
export const loyaltyReport = z
  .object({
    since: time,
    until: time,
    customers: z.int().describe('Who did or said anything in the period and have not left by its end.'),
    index: z.number().optional().describe('Mean of all indexes, from 0 to 100; absent without customers.'),
    weights: z.object({ attitude: z.number(), behaviour: z.number() }).readonly().describe('Of the index.'),
    quadrants: z
      .array(
        z.object({
          quadrant: z.enum(loyaltyQuadrants).describe('Feels and buys, feels only, buys only, neither.'),
          customers: z.int(),
          share: z.number(),
        }),
      )
      .readonly(),
    advocates: z.int(),
    listed: z
      .array(
        z.object({
          customer: z.string(),
          attitude: part,
          behaviour: part,
          index: z.number(),
          quadrant: z.enum(loyaltyQuadrants),
          advocate: z.boolean(),
        }),
      )
      .readonly()
      .describe('Advocates with the highest index.'),
    revenue: z.object({
      start: z.number().describe('Recurring revenue a month of who paid at the start.'),
      expansion: z.number(),
      contraction: z.number(),
      churned: z.number(),
      nrr: z.number().optional().describe('Net revenue retention; absent without revenue at the start.'),
      negativeChurn: z.boolean().describe('Whether expansion outweighs all that was lost.'),
    }),
  })
  .meta({ id: 'LoyaltyReport' });

import { z } from 'zod';
import { identifier, tenantSchema, timeSchema } from './field.ts';
import { channels } from './labels.ts';

/** The newest schema version of raw feedback that this koe reads. */
export const feedbackSchemaVersion = 1;

const scale = {
  min: z.number().describe('Lowest value of the scale.'),
  max: z.number().describe('Highest value of the scale.'),
};
const withinScale = (given: { min: number; max: number }, value: number | undefined) =>
  given.min < given.max && (value === undefined || (value >= given.min && value <= given.max));

/** A rating on its own scale, for example 4 of 1 to 5 stars. */
export const ratingSchema = z
  .object({ value: z.number(), ...scale })
  .refine((rating) => withinScale(rating, rating.value), {
    message: 'must satisfy min < max and min ≤ value ≤ max',
    path: ['value'],
  });

/** The answer to one survey question; `score` is absent when only the comment was given. */
export const surveySchema = z
  .object({
    question: z.string().max(1000).optional(),
    metric: z.enum(['nps', 'csat', 'ces', 'dwb']).optional(),
    score: z.number().optional(),
    ...scale,
  })
  .partial({ min: true, max: true })
  .refine(
    (survey) =>
      survey.score === undefined ||
      (survey.min !== undefined &&
        survey.max !== undefined &&
        withinScale({ min: survey.min, max: survey.max }, survey.score)),
    { message: 'needs min and max with min < max and min ≤ score ≤ max', path: ['score'] },
  );

/** The place of a chat message in its conversation. */
export const conversationSchema = z.object({
  id: identifier('Identifier of the conversation within the tenant.'),
  turn: z.int().min(0).optional().describe('Position of the message in the conversation, from 0.'),
  author: z.enum(['customer', 'agent', 'bot']).describe('Only what the customer said is analysed.'),
});

/** Where the feedback was collected. */
export const sourceSchema = z.object({
  system: z.string().max(256).optional(),
  url: z.string().max(2048).optional(),
});

/** The name of an attribute. */
export const attributeName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'the name must be a letter, then at most 63 letters, digits, _ or -');
const attributeValue = z.union([z.string().max(1000), z.number(), z.boolean()], {
  error: 'must be text of at most 1000 characters, a number, true or false',
});

/** Raw feedback: one utterance of one customer, as a producer sends it. */
export const feedbackSchema = z
  .object({
    schemaVersion: z.int().min(1).optional().describe('Version of this schema; absent means 1.'),
    id: identifier('Identifier of the feedback within the tenant; the same id again replaces it.'),
    tenant: tenantSchema,
    revision: z.int().min(0).optional().describe('Number of the correction; the highest wins. Absent means 0.'),
    channel: z.enum(channels),
    occurredAt: timeSchema.describe('When the customer said it: an RFC 3339 time with Z or an offset.'),
    text: z.string().describe("The customer's own words."),
    title: z.string().max(1000).optional(),
    customerId: identifier('Identifier of the customer within the tenant; stored as a pseudonym only.').optional(),
    rating: ratingSchema.optional(),
    survey: surveySchema.optional(),
    conversation: conversationSchema.optional(),
    attributes: z.record(attributeName, attributeValue).optional().describe('Free keys: product, store, plan, region.'),
    source: sourceSchema.optional(),
  })
  .meta({ id: 'koe.feedback.v1', title: 'Raw feedback' });

/** Raw feedback after validation. */
export type Feedback = z.infer<typeof feedbackSchema>;

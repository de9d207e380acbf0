import { z } from 'zod';
import { textAnalysisSchema, versionsSchema } from './analysis.ts';
import { conversationSchema, ratingSchema, sourceSchema, surveySchema } from './feedback.ts';
import { channels } from './labels.ts';

/** Where a record came from and what decided it. */
export const provenanceSchema = z.strictObject({
  ...versionsSchema.shape,
  topic: z.string().optional().describe('Kafka topic of the raw message; absent outside Kafka.'),
  partition: z.int().optional(),
  offset: z.string().optional().describe('Decimal digits of the 64-bit offset.'),
  truncated: z.boolean().describe('Whether a sentence was longer than the model reads.'),
});

/** The enriched record: document in MongoDB, value of the enriched topic, output of `koe analyze`. */
export const recordSchema = z
  .strictObject({
    id: z.string(),
    tenant: z.string(),
    revision: z.int().min(0),
    channel: z.enum(channels),
    occurredAt: z.iso.datetime({ offset: true }),
    receivedAt: z.iso.datetime({ offset: true }).describe('When Kafka took the message.'),
    customer: z.string().optional().describe('Keyed pseudonym of the customer.'),
    title: z.string().optional().describe('Masked.'),
    text: z.string().describe('Masked; every span points into it.'),
    ...textAnalysisSchema.shape,
    personalData: z.record(z.string(), z.int()).describe('How many pieces of each kind were masked.'),
    duplicateOf: z
      .string()
      .optional()
      .describe(
        'Id of the first record within 30 days before that says the same with small edits, by the same customer or, as ' +
          'this one, by nobody known. Such a copy is not counted. Decided when records are stored, not in the topic.',
      ),
    rating: ratingSchema.optional(),
    survey: surveySchema.optional(),
    conversation: conversationSchema.optional(),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    source: sourceSchema.optional(),
    provenance: provenanceSchema,
  })
  .meta({ id: 'koe.feedback.enriched.v1', title: 'Enriched record' });

/** Everything koe knows about one piece of feedback. Times are RFC 3339 strings in UTC. */
export type EnrichedRecord = z.infer<typeof recordSchema>;

import { z } from 'zod';

const time = z.string().describe('RFC 3339.');

/** A dead letter as operators see it; nothing in it is a customer's unmasked word. */
export const shownLetterSchema = z
  .object({
    letter: z.string().describe('`PARTITION:OFFSET` in the topic of dead letters.'),
    at: time.describe('When it was rejected, RFC 3339.'),
    status: z
      .enum(['waiting', 'redriving', 'interrupted', 'redriven', 'dropped'])
      .describe('`interrupted`: a redrive was begun and not finished; whether it was sent is not known.'),
    by: z.string().optional().describe('Who decided.'),
    decidedAt: time.optional(),
    code: z.string().optional().describe('Reject code.'),
    step: z.string().optional(),
    detail: z.string().optional().describe('The field at fault and what it must be.'),
    source: z.string().optional().describe('`TOPIC/PARTITION/OFFSET` it was rejected from.'),
    redriveCount: z.int().describe('How often it has been put back.'),
    keyBytes: z.int(),
    valueBytes: z.int(),
    headers: z.record(z.string(), z.array(z.string()).readonly()).readonly(),
    preview: z.string().describe('Its value, personal data masked.'),
  })
  .readonly()
  .meta({ id: 'DeadLetter' });

/** See {@link shownLetterSchema}. */
export type ShownLetter = z.infer<typeof shownLetterSchema>;

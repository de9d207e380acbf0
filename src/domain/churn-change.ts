import { z } from 'zod';

/** Bands of the risk of leaving within 30 days, lowest first. */
export const churnBands = ['low', 'medium', 'high', 'critical'] as const;
export type ChurnBand = (typeof churnBands)[number];

const band = z.enum(churnBands);

/** A customer whose risk of leaving has moved to another band. */
export const churnChangeSchema = z
  .strictObject({
    id: z.string().describe('`tenant/customer/n` for the n-th change of the customer: the same when it comes again.'),
    tenant: z.string(),
    customer: z.string().describe('As in enriched records: a keyed pseudonym.'),
    scoredAt: z.iso.datetime().describe('When the risk was computed.'),
    band,
    previousBand: band.optional().describe('Absent for the first band of a customer.'),
    risk: z.number().min(0).max(1).describe('Probability of leaving within 30 days.'),
    quarterRisk: z.number().min(0).max(1).describe('Probability of leaving within 90 days, if nothing changes.'),
    mrr: z.number().min(0).describe('Recurring revenue a month.'),
    model: z.string().describe('`rule`, or `fitted-` and the number of the model.'),
    contributions: z
      .array(
        z.strictObject({
          feature: z.string(),
          value: z.number(),
          added: z.number().describe('Added probability; below 0 it speaks for staying.'),
          evidence: z.array(z.string()).describe('Ids of the feedback that shows it, newest first.'),
          topic: z.string().optional(),
        }),
      )
      .describe('Largest first.'),
  })
  .meta({ id: 'koe.churn.v1', title: 'Change of churn risk' });

/** A change of band as it is published. */
export type ChurnChange = z.infer<typeof churnChangeSchema>;

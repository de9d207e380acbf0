import { z } from 'zod';
import { severities } from './analysis.ts';

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, 22:00');
const base = {
  id: z.string().regex(/^[a-z0-9-]{1,60}$/, 'must be small letters, digits and -'),
  tenants: z.array(z.string().min(1)).min(1).optional().describe('Whose alerts; all when absent.'),
  rules: z.array(z.string().min(1)).min(1).optional().describe('Alerts of these rules; all when absent.'),
  severity: z.enum(severities).default('low').describe('Least severity.'),
  language: z.enum(['ja', 'en']).default('ja'),
  quietHours: z
    .strictObject({ from: clock, until: clock, except: z.enum(severities).default('critical') })
    .optional()
    .describe('Local time in which nothing is sent but alerts at least as severe as the exception.'),
  groupMinutes: z.int().min(0).max(1440).default(0).describe('Alerts of an incident within so long are sent as one.'),
  perHour: z.int().min(1).max(10_000).default(60).describe('Messages an hour at most; the rest waits.'),
};

/** Who hears of alerts, and how. */
export const alertChannelSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...base,
    kind: z.literal('webhook'),
    url: z.url({ protocol: /^https?$/ }),
    secrets: z
      .array(z.string().regex(/^whsec_[A-Za-z0-9+/=]{32,100}$/, 'must be whsec_ and 24 to 64 bytes in base64'))
      .min(1)
      .describe('The newest first; each signs, so that receivers can change over.'),
  }),
  z.strictObject({ ...base, kind: z.literal('slack'), url: z.url({ protocol: /^https?$/ }) }),
  z.strictObject({ ...base, kind: z.literal('email'), to: z.array(z.email()).min(1), from: z.email() }),
]);

/** The file of channels. */
export const alertChannelsSchema = z
  .strictObject({ channels: z.array(alertChannelSchema) })
  .refine(({ channels }) => new Set(channels.map(({ id }) => id)).size === channels.length, 'ids must differ');

export type AlertChannel = z.infer<typeof alertChannelSchema>;
export type ChannelOf<Kind extends AlertChannel['kind']> = Extract<AlertChannel, { kind: Kind }>;

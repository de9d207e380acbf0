import { z } from 'zod';
import { churnBands } from './churn-change.ts';
import { attributeName } from './feedback.ts';
import { channels, flagIds, intentIds, ruleFlagIds, topicIds } from './labels.ts';

const id = z.string().regex(/^[a-z0-9-]{1,60}$/, 'must be small letters, digits and -');
const texts = z.record(z.string().min(1), z.string().min(1));
const filter = {
  topics: z.array(z.enum(topicIds)).min(1).optional().describe('Only these topics; all when absent.'),
  channels: z.array(z.enum(channels)).min(1).optional().describe('Only these channels; all when absent.'),
};
const attributes = z
  .record(attributeName, z.string().min(1))
  .optional()
  .describe('Values that attributes must have, as text.');
const base = {
  id,
  tenant: z.string().min(1).optional().describe('Whose feedback; every tenant when absent.'),
  enabled: z.boolean().default(true),
  owner: z.string().min(1).optional().describe('Who is to act; the routing of the topic when absent.'),
};
const fires = z.boolean().describe('Whether the rule must fire on this example.');
const share = z.number().gt(0).lt(1);

/** More negatives, or a larger negative share, than usual in a topic and channel. */
const spikeRule = z.strictObject({
  ...base,
  ...filter,
  kind: z.literal('spike'),
  sensitivity: z.union([
    z.enum(['quiet', 'sensitive']),
    z.strictObject({ q: share, fewest: z.int().min(1), allowsDispersion: z.boolean() }),
  ]),
  examples: z
    .array(z.strictObject({ fires, expected: z.number().min(0), negative: z.int().min(0), total: z.int().min(0) }))
    .min(1),
});

/** A negative share that rises slowly, day by day. */
const driftRule = z.strictObject({
  ...base,
  ...filter,
  kind: z.literal('drift'),
  weight: share.default(0.2),
  width: z.number().gt(0).default(3),
  examples: z
    .array(z.strictObject({ fires, usual: share, size: z.int().min(1), shares: z.array(z.number().min(0).max(1)) }))
    .min(1),
});

const said = z.strictObject({
  flags: z.array(z.enum([...flagIds, ...ruleFlagIds])).optional(),
  intents: z.array(z.enum(intentIds)).optional(),
  topics: z.array(z.enum(topicIds)).optional().describe('Criticised topics.'),
  attributes: texts.optional(),
});

/** One piece of feedback that is enough by itself. */
const messageRule = z.strictObject({
  ...base,
  ...filter,
  kind: z.literal('message'),
  flags: z
    .array(z.enum([...flagIds, ...ruleFlagIds]))
    .min(1)
    .optional()
    .describe('At least one of these flags.'),
  intents: z.array(z.enum(intentIds)).min(1).optional().describe('At least one of these intents.'),
  confidence: z.number().min(0).max(1).default(0.5).describe('Least confidence of flag and intent.'),
  attributes,
  examples: z.array(z.strictObject({ fires, feedback: said })).min(1),
});

/** A figure over a period beyond a limit. */
const metricRule = z.strictObject({
  ...base,
  kind: z.literal('metric'),
  metric: z
    .enum(['nps', 'negative-share', 'negatives', 'unanswered'])
    .describe('`unanswered`: conversations in which a customer spoke last and nobody has answered since.'),
  channel: z.enum(channels).optional(),
  topic: z.enum(topicIds).optional(),
  attributes,
  hours: z
    .int()
    .min(1)
    .max(24 * 31)
    .describe('Length of the period.'),
  waitMinutes: z.int().min(1).max(1440).default(60).describe('How long a customer waits to count as unanswered.'),
  above: z.number().optional(),
  below: z.number().optional(),
  fewest: z.int().min(1).describe('Pieces of feedback below which the figure says nothing.'),
  examples: z.array(z.strictObject({ fires, value: z.number(), size: z.int().min(0) })).min(1),
});

/** Opinions that are voiced more than they used to be. */
const emergingRule = z.strictObject({
  ...base,
  kind: z.literal('emerging'),
  hours: z
    .int()
    .min(1)
    .max(24 * 7)
    .default(24),
  baselineDays: z.int().min(1).max(90).default(28),
  q: share.default(0.05),
  fewest: z.int().min(1).default(5),
  examples: z
    .array(
      z.strictObject({
        fires,
        now: z.record(z.string(), z.int().min(0)),
        before: z.record(z.string(), z.int().min(0)),
      }),
    )
    .min(1),
});

/** A channel from which nothing comes although something usually would. */
const noDataRule = z.strictObject({
  ...base,
  kind: z.literal('no-data'),
  channels: z.array(z.enum(channels)).min(1).optional(),
  p: share.default(0.001).describe('Probability of such a silence at which it is news.'),
  examples: z.array(z.strictObject({ fires, expected: z.number().min(0).describe('Usual in the silence.') })).min(1),
});

/** Customers whose risk of leaving has risen into a band. */
const churnBandRule = z.strictObject({
  ...base,
  kind: z.literal('churn-band'),
  bands: z.array(z.enum(churnBands)).min(1).describe('Bands that count, when they are reached from below.'),
  leastRevenue: z
    .number()
    .min(0)
    .default(0)
    .describe('Recurring revenue a month below which a customer does not count.'),
  fewest: z.int().min(1).default(1).describe('Customers at least, scored at the same time, for each band.'),
  examples: z
    .array(
      z.strictObject({
        fires,
        changes: z.array(
          z.strictObject({
            band: z.enum(churnBands),
            previousBand: z.enum(churnBands).optional(),
            mrr: z.number().min(0).default(0),
          }),
        ),
      }),
    )
    .min(1),
});

/** An alert rule as it is stored, sent and edited. */
export const alertRuleSchema = z
  .discriminatedUnion('kind', [spikeRule, driftRule, messageRule, metricRule, emergingRule, noDataRule, churnBandRule])
  .refine(
    (rule) => rule.kind !== 'message' || rule.flags !== undefined || rule.intents !== undefined,
    'a message rule asks for flags or intents',
  )
  .refine(
    (rule) => rule.kind !== 'metric' || (rule.above === undefined) !== (rule.below === undefined),
    'a metric rule has either above or below',
  )
  .meta({ id: 'koe.alert-rule.v1', title: 'Alert rule' });

/** What an alert is raised for. Its examples say when it fires and when it does not, and are checked before use. */
export type AlertRule = z.infer<typeof alertRuleSchema>;
export type AlertRuleKind = AlertRule['kind'];
/** The rule of one kind. */
export type RuleOf<Kind extends AlertRuleKind> = Extract<AlertRule, { kind: Kind }>;
export const alertRuleKinds = [
  'spike',
  'drift',
  'message',
  'metric',
  'emerging',
  'no-data',
  'churn-band',
] as const satisfies AlertRuleKind[];

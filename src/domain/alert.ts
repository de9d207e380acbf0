import { z } from 'zod';
import { alertRuleKinds } from './alert-rule.ts';
import { severities } from './analysis.ts';
import { channels, topicIds } from './labels.ts';

const time = z.iso.datetime({ offset: true });
const period = z.strictObject({ from: time, until: time });

export const alertStatuses = ['open', 'acknowledged', 'snoozed', 'resolved', 'withdrawn'] as const;
export type AlertStatus = (typeof alertStatuses)[number];

/** What can happen to an alert. */
export const alertEvents = [
  'opened',
  'reopened',
  'acknowledged',
  'snoozed',
  'woken',
  'resolved',
  'withdrawn',
  'moved',
  'commented',
  'voted',
] as const;
export type AlertEvent = (typeof alertEvents)[number];

/** Two numbers as `items` and a length: few readers of JSON Schema know `prefixItems`. */
const pairOfNumbers = z.array(z.number()).length(2) as unknown as z.ZodType<[number, number]>;

/** How unusual one window was. */
export const findingSchema = z.strictObject({
  window: period,
  observed: z.number().describe('Negatives, or the figure that the rule watches.'),
  total: z.number().optional().describe('Pieces of feedback in the window.'),
  expected: z.number().optional(),
  interval: pairOfNumbers.optional().describe('95 % of what is usual.'),
  p: z.number().min(0).max(1).optional(),
  q: z.number().min(0).max(1).optional().describe('p corrected for everything evaluated together.'),
});

const counted = z.strictObject({ term: z.string(), count: z.int(), before: z.int() });

/** Why an alert was raised and whom it is about. */
export const evidenceSchema = z.strictObject({
  opinions: z.array(counted).describe('Opinions voiced most, with their number in the week before.'),
  verbatims: z.array(z.strictObject({ id: z.string(), occurredAt: time, sentence: z.string() })).max(5),
  customers: z.strictObject({
    count: z.int(),
    list: z.array(z.string()).describe('Pseudonyms, some at most.'),
    revenue: z.number().describe('Their monthly revenue, where customer events tell it.'),
  }),
  segments: z.array(counted).describe('Attributes over-represented, as name=value.'),
  similar: z.array(z.strictObject({ id: z.string(), from: time, status: z.enum(alertStatuses), useful: z.int() })),
});

/** One change of an alert: what, when and by whom. */
export const historyEntrySchema = z.strictObject({
  sequence: z.int().min(0),
  event: z.enum(alertEvents),
  at: time,
  by: z.string().describe('`user@host`, or `koe`.'),
  note: z.string().optional(),
  until: time.optional().describe('End of a snooze.'),
  useful: z.boolean().optional().describe('The vote.'),
});

/** An alert as the alert topic, the commands and the API show it. */
export const alertSchema = z
  .strictObject({
    id: z.string(),
    key: z.string().describe('Tenant, rule, subject and first window: the same however messages come.'),
    tenant: z.string(),
    rule: z.string(),
    kind: z.enum(alertRuleKinds),
    subject: z.string(),
    topic: z.enum(topicIds).optional(),
    channel: z.enum(channels).optional(),
    runs: z.array(period).describe('Ends of the first and the last window of each stretch that fired.'),
    first: findingSchema,
    latest: findingSchema,
    severity: z.strictObject({ level: z.enum(severities), reasons: z.array(z.string()) }),
    evidence: evidenceSchema,
    owner: z.string().optional(),
    incident: z.string().describe('The alert that began the incident this one is part of.'),
    status: z.enum(alertStatuses),
    snoozedUntil: time.optional(),
    reopened: z.int().min(0),
    acknowledgedAt: time.optional(),
    resolvedAt: time.optional(),
    secondsToAcknowledge: z.number().optional(),
    secondsToClose: z.number().optional(),
    history: z.array(historyEntrySchema),
  })
  .meta({ id: 'koe.alert', title: 'Alert' });

/** A change of an alert with the alert as it is after it: value of the alert topic, body of webhooks. */
export const alertChangeSchema = z
  .strictObject({
    id: z.string().describe('The same however often it is sent.'),
    type: z.enum(alertEvents.map((event) => `alert.${event}` as const)),
    timestamp: time,
    data: alertSchema,
  })
  .meta({ id: 'koe.alert.v1', title: 'Alert change' });

export type Alert = z.infer<typeof alertSchema>;
export type AlertChange = z.infer<typeof alertChangeSchema>;
export type Evidence = z.infer<typeof evidenceSchema>;
export type Finding = z.infer<typeof findingSchema>;
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

import { z } from 'zod';
import { severities } from './analysis.ts';
import { channels, topicIds } from './labels.ts';

/** Statuses of an incident, the one that matters most first: an incident has the first that one of its alerts has. */
export const incidentStatuses = ['open', 'acknowledged', 'snoozed', 'resolved'] as const;
export type IncidentStatus = (typeof incidentStatuses)[number];

const time = z.iso.datetime();

/** Alerts of one cause, summed up. */
export const incidentSchema = z
  .strictObject({
    id: z.string().describe('That of the alert which began it.'),
    status: z.enum(incidentStatuses).describe('`open` while any of its alerts is open, and so on.'),
    beganAt: time,
    firedAt: time.describe('When one of its alerts fired last.'),
    severity: z.enum(severities).describe('The highest of its alerts.'),
    alerts: z.int(),
    rules: z.array(z.string()),
    topics: z.array(z.enum(topicIds)),
    channels: z.array(z.enum(channels)),
    owners: z.array(z.string()),
    customers: z.int().describe('Different customers, at least.'),
    secondsToAcknowledge: z.number().optional().describe('From the first alert to the first acknowledgement.'),
    secondsToClose: z.number().optional().describe('From the first alert to the last resolution, once all are.'),
  })
  .meta({ id: 'koe.incident', title: 'Incident' });

export type Incident = z.infer<typeof incidentSchema>;

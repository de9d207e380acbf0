import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Act, ActRefused } from '../../alerting/life-cycle.ts';
import { type Alert, alertSchema, alertStatuses } from '../../domain/alert.ts';
import { alertRuleKinds } from '../../domain/alert-rule.ts';
import { severities } from '../../domain/analysis.ts';
import { timeSchema } from '../../domain/field.ts';
import { channels, topicIds } from '../../domain/labels.ts';
import { findAlert, queryAlerts } from '../../store/alert-query.ts';
import { actOnAlert } from '../../store/alerts.ts';
import { alertPage, alertPageParameters, alertPageSchema, readAlertPage } from '../alert-page.ts';
import type { ApiServices } from '../api-services.ts';
import { actorOf, tenantOf } from '../authentication.ts';
import { fieldProblem, ProblemError } from '../problem.ts';
import { answers } from '../route-schema.ts';

const params = z.object({ id: z.string().min(1).max(64).describe('Identifier of the alert, as listed.') });
const text = z.string().min(1).max(2000);
const note = z.strictObject({ note: text.optional().describe('What to write down about it.') });
const snooze = z.strictObject({ until: timeSchema.describe('At most 90 days from now.'), note: text.optional() });
const vote = z.strictObject({ useful: z.boolean(), note: text.optional() });
const comment = z.strictObject({ note: text });
const longestSnoozeMs = 90 * 86_400_000;

/** Alerts, and what people do about them, in the name of their key. */
export function alertRoutes(api: FastifyInstance, { database, now }: ApiServices): void {
  const routes = api.withTypeProvider<ZodTypeProvider>();

  routes.get('/v1/alerts', {
    config: { role: 'reader' },
    schema: {
      summary: 'List alerts, those that began last first',
      tags: ['alerts'],
      querystring: alertPageParameters.extend({
        status: z
          .union([z.enum(alertStatuses), z.array(z.enum(alertStatuses)).max(alertStatuses.length)])
          .optional()
          .describe('May be repeated; all but `withdrawn` when absent.'),
        rule: z.string().min(1).max(60).optional(),
        kind: z.enum(alertRuleKinds).optional(),
        topic: z.enum(topicIds).optional(),
        channel: z.enum(channels).optional(),
        severity: z.enum(severities).optional().describe('At least.'),
        incident: z.string().min(1).max(64).optional(),
      }),
      response: answers(alertPageSchema(alertSchema, 'AlertPage')),
    },
    handler: async (request) => {
      const { status, rule, kind, topic, channel, severity, incident, ...page } = request.query;
      const filter = { rule, kind, topic, channel, severity, incident, status: status && [status].flat() };
      const asked = readAlertPage(page, now());
      const alerts = await queryAlerts(database, { ...filter, ...asked, tenant: tenantOf(request) });
      return alertPage(alerts, asked.limit, ({ id, runs, first }) => ({
        beganAt: new Date(runs[0]?.from ?? first.window.until),
        id,
      }));
    },
  });

  routes.get('/v1/alerts/:id', {
    config: { role: 'reader' },
    schema: {
      summary: 'One alert: expected and observed, evidence, history',
      tags: ['alerts'],
      params,
      response: answers(alertSchema, 404),
    },
    handler: async (request) => found(await findAlert(database, tenantOf(request), request.params.id)),
  });

  /** What all acts have in common; the key's name goes into the history. */
  const acting = <Body extends z.ZodType>(summary: string, body: Body) => ({
    config: { role: 'analyst' as const },
    schema: { summary, tags: ['alerts'], params, body, response: answers(alertSchema, 404, 409) },
  });
  const perform = async (
    request: FastifyRequest,
    id: string,
    what: Act extends infer One ? (One extends Act ? Omit<One, 'by'> : never) : never,
  ) => {
    try {
      const acted: Act = { ...what, by: actorOf(request) };
      return found(await actOnAlert(database, { tenant: tenantOf(request), id }, acted, new Date(now())));
    } catch (cause) {
      if (!(cause instanceof ActRefused)) throw cause;
      throw Object.assign(new ProblemError(409, `Refused: ${cause.message}.`), { cause });
    }
  };

  routes.post('/v1/alerts/:id/acknowledge', {
    ...acting('Acknowledge an alert: somebody is on it', note.nullish()),
    handler: (request) => perform(request, request.params.id, { event: 'acknowledged', ...request.body }),
  });
  routes.post('/v1/alerts/:id/resolve', {
    ...acting('Close an alert', note.nullish()),
    handler: (request) => perform(request, request.params.id, { event: 'resolved', ...request.body }),
  });
  routes.post('/v1/alerts/:id/snooze', {
    ...acting('Silence an alert for a while', snooze),
    handler: (request) => {
      const { until, ...rest } = request.body;
      const lasts = Date.parse(until) - now();
      if (lasts <= 0 || lasts > longestSnoozeMs) throw fieldProblem('body.until', 'must be within 90 days from now');
      return perform(request, request.params.id, { event: 'snoozed', until: new Date(until).toISOString(), ...rest });
    },
  });
  routes.post('/v1/alerts/:id/vote', {
    ...acting('Say whether an alert was worth it; rules are tuned by this', vote),
    handler: (request) => perform(request, request.params.id, { event: 'voted', ...request.body }),
  });
  routes.post('/v1/alerts/:id/comment', {
    ...acting('Write something down about an alert', comment),
    handler: (request) => perform(request, request.params.id, { event: 'commented', ...request.body }),
  });
}

function found(alert: Alert | undefined): Alert {
  if (alert === undefined) throw new ProblemError(404, 'No alert has this id.');
  return alert;
}

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { summarizeIncident } from '../../alerting/incident-summary.ts';
import { alertSchema } from '../../domain/alert.ts';
import { incidentSchema, incidentStatuses } from '../../domain/incident.ts';
import { alertsOfIncident, queryIncidents } from '../../store/alert-query.ts';
import { alertPage, alertPageParameters, alertPageSchema, readAlertPage } from '../alert-page.ts';
import type { ApiServices } from '../api-services.ts';
import { tenantOf } from '../authentication.ts';
import { ProblemError } from '../problem.ts';
import { answers } from '../route-schema.ts';

const whole = z
  .object({ incident: incidentSchema, alerts: z.array(alertSchema).describe('In the order in which they began.') })
  .meta({ id: 'IncidentWithAlerts' });

/** Alerts of one cause, together. */
export function incidentRoutes(api: FastifyInstance, { database, now }: ApiServices): void {
  const routes = api.withTypeProvider<ZodTypeProvider>();

  routes.get('/v1/incidents', {
    config: { role: 'reader' },
    schema: {
      summary: 'List incidents, those that began last first',
      tags: ['alerts'],
      querystring: alertPageParameters.extend({ status: z.enum(incidentStatuses).optional() }),
      response: answers(alertPageSchema(incidentSchema, 'IncidentPage')),
    },
    handler: async (request) => {
      const { status, ...page } = request.query;
      const asked = readAlertPage(page, now());
      const incidents = await queryIncidents(database, { ...asked, status, tenant: tenantOf(request) });
      return alertPage(incidents, asked.limit, ({ id, beganAt }) => ({ id, beganAt: new Date(beganAt) }));
    },
  });

  routes.get('/v1/incidents/:id', {
    config: { role: 'reader' },
    schema: {
      summary: 'One incident with its alerts',
      tags: ['alerts'],
      params: z.object({ id: z.string().min(1).max(64).describe('Identifier of the incident, as listed.') }),
      response: answers(whole, 404),
    },
    handler: async (request) => {
      const alerts = await alertsOfIncident(database, tenantOf(request), request.params.id);
      const incident = summarizeIncident(alerts);
      if (incident === undefined) throw new ProblemError(404, 'No incident has this id.');
      return { incident, alerts };
    },
  });
}

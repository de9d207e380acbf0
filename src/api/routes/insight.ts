import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { topicIds } from '../../domain/labels.ts';
import { voiceOrders } from '../../insight/voice-order.ts';
import { queryDrivers } from '../../store/driver-query.ts';
import { queryEmerging } from '../../store/emerging-query.ts';
import { opinionSigns, queryOpinions } from '../../store/opinion-query.ts';
import { querySurveys } from '../../store/survey-query.ts';
import { queryVoices } from '../../store/voice-query.ts';
import type { ApiServices } from '../api-services.ts';
import { tenantOf } from '../authentication.ts';
import { attributeName, filterParameters, readFilter } from '../query-parameters.ts';
import { driverReport, emergingReport, opinionReport, surveyReport, voiceReport } from '../reports.ts';
import { answers } from '../route-schema.ts';

const limit = z.coerce.number().int().min(1).max(100).default(20);
const by = attributeName.optional().describe('Attribute by whose values the figures are told apart.');
const topic = z.enum(topicIds).optional();
const uncovered = z
  .enum(['true', 'false'])
  .default('false')
  .describe('Whether to group what no topic covers, too; comparing up to 2,000 texts takes some seconds.');

/** How many times longer than the period its baseline is. */
const baselinePeriods = 4;

/** What hurts, pleases and is asked for; what is new; scores and what drives them. */
export function insightRoutes(api: FastifyInstance, { database, findUncovered, now }: ApiServices): void {
  const routes = api.withTypeProvider<ZodTypeProvider>();

  const rankings = [
    ['/v1/pain-points', 'criticism', 'What customers criticise, ranked'],
    ['/v1/praise', 'praise', 'What customers praise, ranked'],
    ['/v1/requests', 'request', 'What customers ask for, ranked'],
  ] as const;
  for (const [url, stance, summary] of rankings) {
    routes.get(url, {
      config: { role: 'reader' },
      schema: {
        summary,
        tags: ['insight'],
        querystring: filterParameters.extend({ topic, sort: z.enum(voiceOrders).default('volume'), by, limit }),
        response: answers(voiceReport),
      },
      handler: (request) => {
        const { topic, sort, by, limit, ...filter } = request.query;
        return queryVoices(database, { ...chosen(request, filter), stance, topic, sort, by, limit });
      },
    });
  }

  routes.get('/v1/opinions', {
    config: { role: 'reader' },
    schema: {
      summary: 'Opinions (what is said of what), most frequent first',
      tags: ['insight'],
      querystring: filterParameters.extend({ topic, sign: z.enum(opinionSigns).optional(), limit }),
      response: answers(opinionReport),
    },
    handler: (request) => {
      const { topic, sign, limit, ...filter } = request.query;
      return queryOpinions(database, { ...chosen(request, filter), topic, sign, limit });
    },
  });

  routes.get('/v1/emerging', {
    config: { role: 'reader' },
    schema: {
      summary: 'Opinions and topics whose share rose against the four periods before',
      tags: ['insight'],
      querystring: filterParameters.extend({ uncovered, limit }),
      response: answers(emergingReport),
    },
    handler: async (request) => {
      const { uncovered, limit, ...filter } = request.query;
      const period = chosen(request, filter);
      const length = period.until.getTime() - period.since.getTime();
      const baselineSince = new Date(period.since.getTime() - baselinePeriods * length);
      const [report, found] = await Promise.all([
        queryEmerging(database, { ...period, baselineSince, limit }),
        uncovered === 'true' ? findUncovered(period) : undefined,
      ]);
      return { ...report, ...(found !== undefined && { uncovered: found }) };
    },
  });

  routes.get('/v1/nps', {
    config: { role: 'reader' },
    schema: {
      summary: 'NPS, CSAT, CES and DWB, against the period before and between segments',
      tags: ['insight'],
      querystring: filterParameters.extend({ by, limit }),
      response: answers(surveyReport),
    },
    handler: (request) => {
      const { by, limit, ...filter } = request.query;
      return querySurveys(database, { ...chosen(request, filter), by, limit });
    },
  });

  routes.get('/v1/drivers', {
    config: { role: 'reader' },
    schema: {
      summary: 'What drives the net promoter score',
      tags: ['insight'],
      querystring: filterParameters,
      response: answers(driverReport),
    },
    handler: (request) => queryDrivers(database, chosen(request, request.query)),
  });

  function chosen(request: Parameters<typeof tenantOf>[0], filter: z.infer<typeof filterParameters>) {
    return { ...readFilter(filter, now()), tenant: tenantOf(request) };
  }
}

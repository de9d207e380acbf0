import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { churnBands } from '../../domain/churn-change.ts';
import { identifier } from '../../domain/field.ts';
import type { ChurnContribution } from '../../insight/churn-model.ts';
import { contributionInWords, wordLanguages } from '../../insight/churn-words.ts';
import { queryChurnRisks } from '../../store/churn-risks.ts';
import { queryCustomer } from '../../store/customer-query.ts';
import { queryLoyalty } from '../../store/loyalty-query.ts';
import type { ApiServices } from '../api-services.ts';
import { tenantOf } from '../authentication.ts';
import { cursorOf, cursorParameter, timeCursor } from '../cursor.ts';
import { churnReport, customerReport, loyaltyReport } from '../customer-reports.ts';
import { ProblemError } from '../problem.ts';
import { periodParameters, readPeriod } from '../query-parameters.ts';
import { answers } from '../route-schema.ts';

const lang = z.enum(wordLanguages).default('ja').describe('Language of the reasons.');
const limit = z.coerce.number().int().min(1).max(200).default(50);
const riskCursor = cursorOf(z.tuple([z.number().min(0).max(1), z.string().min(1).max(300)]));

/** Customers: one of them, those who may leave, and how loyal all are. */
export function customerRoutes(api: FastifyInstance, services: ApiServices): void {
  const { database, taxonomy, customerName, now } = services;
  const routes = api.withTypeProvider<ZodTypeProvider>();

  routes.get('/v1/customers/:id', {
    config: { role: 'reader' },
    schema: {
      summary: 'One customer: figures, timeline, risk of leaving and why',
      tags: ['customers'],
      params: z.object({ id: identifier('Identifier that the producer gave, or the pseudonym as in records.') }),
      querystring: z.strictObject({
        lang,
        limit: limit.describe('Events and feedback a page.'),
        cursor: cursorParameter,
      }),
      response: answers(customerReport, 404),
    },
    handler: async (request) => {
      const { lang, limit, cursor } = request.query;
      const tenant = tenantOf(request);
      const end = cursor === undefined ? undefined : timeCursor.read(cursor);
      const after = end && { at: new Date(end[0]), key: end[1] };
      const asked = { tenant, at: new Date(now()), limit, after };
      const { id } = request.params;
      const found =
        (await queryCustomer(database, { ...asked, customer: customerName(tenant, id) })) ??
        (await queryCustomer(database, { ...asked, customer: id }));
      if (found === undefined) throw new ProblemError(404, 'Nothing is stored of a customer with this id.');
      const { risk, moments, evidence, end: reached, ...profile } = found;
      const verbatims = (ids: readonly string[]) => ids.map((one) => ({ id: one, text: evidence[one] ?? '' }));
      return {
        ...profile,
        ...(risk !== undefined && {
          risk: {
            ...risk,
            contributions: risk.contributions.map(({ evidence: ids, ...contribution }) => ({
              ...contribution,
              words: inWords({ ...contribution, evidence: ids }, lang),
              verbatims: verbatims(ids),
            })),
          },
        }),
        timeline: moments,
        ...(reached !== undefined && { nextCursor: timeCursor.write([reached.at.toISOString(), reached.key]) }),
      };
    },
  });

  routes.get('/v1/churn-risk', {
    config: { role: 'reader' },
    schema: {
      summary: 'Customers by their risk of leaving, as last scored',
      tags: ['customers'],
      querystring: z.strictObject({
        band: z.enum(churnBands).optional().describe('This band and those above it.'),
        leastRevenue: z.coerce.number().min(0).optional().describe('Only who pays at least so much a month.'),
        lang,
        limit,
        cursor: cursorParameter,
      }),
      response: answers(churnReport),
    },
    handler: async (request) => {
      const { band, leastRevenue, lang, limit, cursor } = request.query;
      const [risk, customer] = cursor === undefined ? [] : riskCursor.read(cursor);
      const after = risk === undefined || customer === undefined ? undefined : { risk, customer };
      const filter = { tenant: tenantOf(request), band, leastRevenue, limit, after };
      const { listed, end, ...facts } = await queryChurnRisks(database, filter);
      return {
        ...facts,
        items: listed.map(({ contributions, ...scored }) => ({
          ...scored,
          contributions: contributions.map((one) => ({ ...one, words: inWords(one, lang) })),
        })),
        ...(end !== undefined && { nextCursor: riskCursor.write([end.risk, end.customer]) }),
      };
    },
  });

  routes.get('/v1/loyalty', {
    config: { role: 'reader' },
    schema: {
      summary: 'How loyal customers are, and what revenue they kept',
      tags: ['customers'],
      querystring: periodParameters.extend({
        since: periodParameters.shape.since.removeDefault().default('90d'),
        limit: z.coerce.number().int().min(1).max(100).default(10).describe('Advocates at most.'),
      }),
      response: answers(loyaltyReport),
    },
    handler: (request) => {
      const { limit, ...period } = request.query;
      return queryLoyalty(database, { ...readPeriod(period, now()), tenant: tenantOf(request), limit });
    },
  });

  function inWords(contribution: ChurnContribution, language: (typeof wordLanguages)[number]): string {
    const nameOf = (topic: string) => taxonomy.find(({ id }) => id === topic)?.names[language] ?? topic;
    return contributionInWords(contribution, language, nameOf);
  }
}

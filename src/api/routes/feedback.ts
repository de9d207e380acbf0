import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { identifier } from '../../domain/field.ts';
import { intentIds, sentiments, topicIds } from '../../domain/labels.ts';
import { recordSchema } from '../../domain/record.ts';
import { findFeedback, queryFeedback } from '../../store/feedback-query.ts';
import type { ApiServices } from '../api-services.ts';
import { tenantOf } from '../authentication.ts';
import { cursorParameter, nextCursor, timeCursor } from '../cursor.ts';
import { ProblemError } from '../problem.ts';
import { filterParameters, readFilter } from '../query-parameters.ts';
import { answers } from '../route-schema.ts';

const page = z
  .object({
    items: z.array(recordSchema),
    nextCursor,
  })
  .meta({ id: 'FeedbackPage' });

/** Enriched feedback: lists and single pieces. */
export function feedbackRoutes(api: FastifyInstance, { database, now }: ApiServices): void {
  const routes = api.withTypeProvider<ZodTypeProvider>();

  routes.get('/v1/feedback', {
    config: { role: 'reader' },
    schema: {
      summary: 'List enriched feedback, newest first',
      tags: ['feedback'],
      querystring: filterParameters.extend({
        topic: z.enum(topicIds).optional(),
        sentiment: z.enum(sentiments).optional(),
        intent: z.enum(intentIds).optional(),
        customer: z.string().min(1).max(256).optional().describe('Pseudonym, as in records.'),
        q: z.string().min(1).max(100).optional().describe('Words that the text holds as they are.'),
        limit: z.coerce.number().int().min(1).max(200).default(50),
        cursor: cursorParameter,
      }),
      response: answers(page),
    },
    handler: async (request) => {
      const { topic, sentiment, intent, customer, q, limit, cursor, ...filter } = request.query;
      const after = cursor === undefined ? undefined : timeCursor.read(cursor);
      const { records, end } = await queryFeedback(database, {
        ...readFilter(filter, now()),
        tenant: tenantOf(request),
        topic,
        sentiment,
        intent,
        customer,
        text: q,
        limit,
        after: after && { occurredAt: new Date(after[0]), id: after[1] },
      });
      const next = end && timeCursor.write([end.occurredAt.toISOString(), end.id]);
      return { items: [...records], ...(next !== undefined && { nextCursor: next }) };
    },
  });

  routes.get('/v1/feedback/:id', {
    config: { role: 'reader' },
    schema: {
      summary: 'One piece of enriched feedback',
      tags: ['feedback'],
      params: z.object({ id: identifier('Identifier of the feedback.') }),
      response: answers(recordSchema, 404),
    },
    handler: async (request) => {
      const record = await findFeedback(database, tenantOf(request), request.params.id);
      if (record === undefined) throw new ProblemError(404, 'No feedback has this id; it may not be enriched yet.');
      return record;
    },
  });
}

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type RejectCode, rejectCodes } from '../../domain/reject-code.ts';
import { shownLetterSchema } from '../../domain/shown-letter.ts';
import type { ApiServices } from '../api-services.ts';
import { actorOf, tenantOf } from '../authentication.ts';
import { cursorOf, cursorParameter, nextCursor } from '../cursor.ts';
import { ProblemError } from '../problem.ts';
import { periodParameters, readPeriod } from '../query-parameters.ts';
import { answers } from '../route-schema.ts';

const page = z
  .object({ items: z.array(shownLetterSchema), nextCursor })
  .meta({ id: 'DeadLetterPage', description: 'A page may be short or empty though another follows.' });

const params = z.object({
  id: z
    .string()
    .regex(/^\d{1,9}:\d{1,18}$/, 'must be PARTITION:OFFSET')
    .describe('Its `PARTITION:OFFSET`, as listed.'),
});

const placeCursor = cursorOf(z.tuple([z.int().min(0), z.string().regex(/^\d{1,18}$/)]));

/** Dead letters of the tenant, for who may put them back or drop them. */
export function deadLetterRoutes(api: FastifyInstance, { deadLetters, now }: ApiServices): void {
  const routes = api.withTypeProvider<ZodTypeProvider>();

  routes.get('/v1/dead-letters', {
    config: { role: 'admin' },
    schema: {
      summary: 'Dead letters that wait for a decision',
      description: 'Oldest first within a partition. Letters that name no tenant are for operators: koe dlq.',
      tags: ['dead letters'],
      querystring: periodParameters.extend({
        since: periodParameters.shape.since.removeDefault().default('90d'),
        code: z.enum(Object.keys(rejectCodes) as [RejectCode, ...RejectCode[]]).optional(),
        all: z.enum(['true', 'false']).default('false').describe('Also those that are settled.'),
        limit: z.coerce.number().int().min(1).max(200).default(50),
        cursor: cursorParameter,
      }),
      response: answers(page),
    },
    handler: async (request) => {
      const { code, all, limit, cursor, ...period } = request.query;
      const { since, until } = readPeriod(period, now());
      const [partition, offset] = cursor === undefined ? [] : placeCursor.read(cursor);
      const { letters, end } = await deadLetters.list(tenantOf(request), {
        since: since.getTime(),
        // Without an end nothing is left out that is rejected while the answer is made.
        ...(period.until !== undefined && { until: until.getTime() }),
        code,
        all: all === 'true',
        limit,
        ...(partition !== undefined && offset !== undefined && { after: { partition, offset: BigInt(offset) } }),
      });
      return {
        items: [...letters],
        ...(end !== undefined && { nextCursor: placeCursor.write([end.partition, String(end.offset)]) }),
      };
    },
  });

  routes.get('/v1/dead-letters/:id', {
    config: { role: 'admin' },
    schema: {
      summary: 'One dead letter: why, where from, and a masked preview',
      tags: ['dead letters'],
      params,
      response: answers(shownLetterSchema, 404),
    },
    handler: async (request) => {
      const letter = await deadLetters.find(tenantOf(request), readPlace(request.params.id));
      if (letter === undefined) throw new ProblemError(404, unknown);
      return letter;
    },
  });

  for (const [verb, summary] of [
    ['redrive', 'Put a dead letter back to the topic it was rejected from'],
    ['drop', 'Settle a dead letter without putting it back'],
  ] as const) {
    routes.post(`/v1/dead-letters/:id/${verb}`, {
      config: { role: 'admin' },
      schema: {
        summary,
        description: 'Of any number of requests at once, one gets the letter.',
        tags: ['dead letters'],
        params,
        response: answers(shownLetterSchema, 404, 409, 422),
      },
      handler: async (request) => {
        const place = readPlace(request.params.id);
        const outcome = await deadLetters.settle(tenantOf(request), place, { verb, by: actorOf(request) });
        if (outcome.kind === 'settled') return outcome.letter;
        if (outcome.kind === 'unknown') throw new ProblemError(404, unknown);
        if (outcome.kind === 'taken') throw new ProblemError(409, 'Somebody has it in hand, or has decided already.');
        throw new ProblemError(
          422,
          'It cannot go back: its topic is not one of koe, or takes no message of this size.',
        );
      },
    });
  }
}

const unknown = 'No dead letter of this tenant has this id.';

function readPlace(id: string): { readonly partition: number; readonly offset: bigint } {
  const [partition = '', offset = ''] = id.split(':');
  return { partition: Number(partition), offset: BigInt(offset) };
}

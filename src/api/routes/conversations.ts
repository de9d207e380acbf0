import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { identifier } from '../../domain/field.ts';
import { summarizeConversation } from '../../insight/conversation.ts';
import { readTurns } from '../../store/turns.ts';
import type { ApiServices } from '../api-services.ts';
import { tenantOf } from '../authentication.ts';
import { ProblemError } from '../problem.ts';
import { conversationReport } from '../reports.ts';
import { answers } from '../route-schema.ts';

/** Conversations as a whole, turn by turn. */
export function conversationRoutes(api: FastifyInstance, { database }: ApiServices): void {
  api.withTypeProvider<ZodTypeProvider>().get('/v1/conversations/:id', {
    config: { role: 'reader' },
    schema: {
      summary: 'How a conversation went, turn by turn',
      tags: ['feedback'],
      params: z.object({ id: identifier('Identifier of the conversation.') }),
      response: answers(conversationReport, 404),
    },
    handler: async (request) => {
      const { id } = request.params;
      const found = await readTurns(database, tenantOf(request), id);
      if (found.length === 0) throw new ProblemError(404, 'No conversation has this id.');
      const { turns, ...summary } = summarizeConversation(found);
      return {
        id,
        ...summary,
        turns: turns.map(({ id, author, at, score }) => {
          const occurredAt = new Date(at).toISOString();
          return { id, author, occurredAt, ...(score !== undefined && { score }) };
        }),
      };
    },
  });
}

import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { alertChangeSchema } from '../../domain/alert.ts';
import type { ApiServices } from '../api-services.ts';
import { type FindAccess, keyOf, tenantOf } from '../authentication.ts';
import { EventStream } from '../event-stream.ts';
import { ProblemError } from '../problem.ts';
import { answers } from '../route-schema.ts';

const [heartbeatMs, retryMs] = [15_000, 3000];
/** Streams at a time, of one key and of this process. */
const most = { ofKey: 20, all: 1000 };

/** What is sent is no value but a stream of them. */
const response: Readonly<Record<number, unknown>> = {
  ...answers(z.any(), 429),
  200: {
    description: 'Events until either side ends them; the data of `change`:',
    content: { 'text/event-stream': { schema: alertChangeSchema } },
  },
};

/** Changes of alerts as they happen. */
export function alertStreamRoutes(api: FastifyInstance, { alerts }: ApiServices, findAccess: FindAccess): void {
  const streams = new Map<EventStream, string>();
  // Ended before the server closes its connections, so that clients see whole answers.
  api.addHook('preClose', async () => {
    const ending = [...streams.keys()].map((stream) => [stream, once(stream, 'close')] as const);
    for (const [stream] of ending) stream.end();
    await Promise.race([Promise.all(ending.map(([, closed]) => closed)), once(AbortSignal.timeout(1000), 'abort')]);
  });

  /** Whether a key opens nothing any more; while MongoDB does not answer that is not known. */
  const isRevoked = async (key: string | undefined) => {
    const access = await (key === undefined ? undefined : findAccess(key).catch(() => 'unknown' as const));
    return access === undefined;
  };

  api.withTypeProvider<ZodTypeProvider>().get('/v1/alerts/stream', {
    // Without a body there is nothing to wait for.
    exposeHeadRoute: false,
    config: { role: 'reader' },
    schema: {
      summary: 'Changes of alerts as they happen, as server-sent events',
      description:
        'Each event `change` holds a change with its alert, as on the alert topic; a change may come more than once, ' +
        'under the same `id` within its data. Connect again with Last-Event-ID and nothing is left out. An event ' +
        '`reset` says that this was too long ago: list the alerts anew. Comments come every 15 seconds.',
      tags: ['alerts'],
      headers: z.looseObject({
        'last-event-id': z
          .string()
          .regex(/^[0-9A-Za-z+/=_-]{1,2000}$/, 'must be the id of an event')
          .optional(),
      }),
      response,
    },
    handler: async (request, reply) => {
      const [tenant, key, keyId] = [tenantOf(request), keyOf(request), request.access?.keyId ?? ''];
      const ofKey = [...streams.values()].filter((id) => id === keyId).length;
      if (ofKey >= most.ofKey || streams.size >= most.all) {
        throw new ProblemError(429, 'Too many streams are open; close one first.');
      }
      const stream = new EventStream(retryMs);
      streams.set(stream, keyId);
      const beat = setInterval(async () => {
        stream.heartbeat();
        if (await isRevoked(key)) stream.end();
      }, heartbeatMs);
      let stop = () => {};
      stream.once('close', () => {
        clearInterval(beat);
        streams.delete(stream);
        stop();
      });
      try {
        const follower = {
          tenant,
          changed: ({ position, changes }: { position: string; changes: readonly { id: string }[] }) => {
            const last = changes.at(-1);
            // Whoever is cut off between changes of one writing gets all of them again.
            for (const change of changes) stream.event('change', change, change === last ? position : undefined);
          },
          missed: () => stream.event('reset', {}),
          ended: () => stream.end(),
        };
        stop = await alerts.feed.follow(follower, request.headers['last-event-id']);
      } catch (error) {
        stream.destroy();
        throw error;
      }
      if (stream.destroyed) stop();
      reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no').type('text/event-stream');
      return reply.send(stream);
    },
  });
}

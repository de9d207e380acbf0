import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Health } from '../health.ts';

/** What operators, orchestrators and clients ask before they have a key. */
export function operationsRoutes(
  api: FastifyInstance,
  { registry, health }: { readonly registry: Registry; readonly health: () => Health },
): void {
  const open = { config: { role: 'nobody' }, schema: { hide: true } } as const;
  api.get('/metrics', open, async (_request, reply) => {
    reply.type(registry.contentType);
    return registry.metrics();
  });
  api.get('/healthz', open, async (_request, reply) => {
    const state = health();
    return reply.code(state.live ? 200 : 503).send(state);
  });
  api.get('/readyz', open, async (_request, reply) => {
    const state = health();
    return reply.code(state.live && state.ready ? 200 : 503).send(state);
  });
}

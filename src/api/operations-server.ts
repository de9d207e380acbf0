import { fastify } from 'fastify';
import type { Registry } from 'prom-client';

/** Whether a process is alive and whether it can do its work, with the reason in words. */
export interface Health {
  /** False when only a restart can help. */
  readonly live: boolean;
  /** False while a dependency is away or the start has not finished. */
  readonly ready: boolean;
  readonly detail: string;
}

/** A running server of /metrics, /healthz and /readyz. */
export interface OperationsServer {
  /** Base address, for example `http://127.0.0.1:9464`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves what operators and orchestrators ask of a worker: metrics for Prometheus, liveness and readiness. */
export async function startOperationsServer(options: {
  host: string;
  port: number;
  registry: Registry;
  health: () => Health;
}): Promise<OperationsServer> {
  const server = fastify({ forceCloseConnections: true });
  server.get('/metrics', async (_request, reply) => {
    reply.type(options.registry.contentType);
    return options.registry.metrics();
  });
  server.get('/healthz', async (_request, reply) => {
    const health = options.health();
    return reply.code(health.live ? 200 : 503).send(health);
  });
  server.get('/readyz', async (_request, reply) => {
    const health = options.health();
    return reply.code(health.ready && health.live ? 200 : 503).send(health);
  });
  const url = await server.listen({ host: options.host, port: options.port });
  return { url, close: () => server.close() };
}

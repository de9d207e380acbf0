import { fastify } from 'fastify';
import type { Registry } from 'prom-client';
import type { Health } from './health.ts';
import { operationsRoutes } from './routes/operations.ts';

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
  operationsRoutes(server, options);
  const url = await server.listen({ host: options.host, port: options.port });
  return { url, close: () => server.close() };
}

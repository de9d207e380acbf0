import type { Health } from '../api/health.ts';
import { type OperationsServer, startOperationsServer } from '../api/operations-server.ts';
import { ConfigurationError, type Settings } from '../config/settings.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/**
 * Serves a worker's metrics and health where the settings say.
 *
 * @throws ConfigurationError when it cannot listen there
 */
export async function serveOperations(
  settings: Settings,
  health: () => Health,
  metrics: Metrics,
): Promise<OperationsServer> {
  const { KOE_HTTP_HOST: host, KOE_HTTP_PORT: port } = settings;
  try {
    return await startOperationsServer({ host, port, registry: metrics.registry, health });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it cannot be used';
    throw new ConfigurationError(
      `KOE_HTTP_HOST and KOE_HTTP_PORT: ${why}. Each worker needs a port of its own; 0 takes any free one.`,
      { cause },
    );
  }
}

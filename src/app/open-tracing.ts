import type { Settings } from '../config/settings.ts';
import { packageVersion } from '../runtime/package-root.ts';
import type { Logger } from '../telemetry/logger.ts';
import { openTracing, type Tracing, type TracingObserver } from '../telemetry/tracing.ts';

/** Less than what closing anything may take. */
const longestFlushMs = 4_000;

/** Tracing as the settings describe it, off by default, under the name of a process such as `koe-enrich`. */
export function openTracingOf(
  settings: Settings,
  name: string,
  logger: Logger,
  observer?: TracingObserver,
): Promise<Tracing> {
  return openTracing({
    endpoint: settings.KOE_OTLP_ENDPOINT,
    sampleRatio: settings.KOE_TRACE_SAMPLE_RATIO,
    service: { name, version: packageVersion() },
    flushMs: Math.min(settings.KOE_DRAIN_SECONDS * 1000, longestFlushMs),
    ...(observer !== undefined && { observer }),
    logger,
  });
}

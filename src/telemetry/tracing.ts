import { noTracer, type Tracer } from '../domain/tracing.ts';
import type { Logger } from './logger.ts';

/** Where spans go and how many. */
export interface TracingOptions {
  /** Base address of an OTLP/HTTP receiver, to which `/v1/traces` is added; nothing is traced without one. */
  readonly endpoint: string | undefined;
  /** Share of the traces that begin here and are recorded, 0 to 1; what others began goes by their decision. */
  readonly sampleRatio: number;
  readonly service: { readonly name: string; readonly version: string };
  /** Milliseconds that the last spans may take when it is closed. */
  readonly flushMs: number;
  readonly observer?: TracingObserver;
  readonly logger: Logger;
}

/** Called for what should be counted; must not throw. */
export interface TracingObserver {
  spanRecorded(): void;
  spansExported(count: number): void;
}

/** Tracing of one process. */
export interface Tracing {
  readonly tracer: Tracer;
  /** Sends what is left, as far as the time allows; never rejects. */
  close(): Promise<void>;
}

/** Starts tracing if it is configured; OpenTelemetry is not even loaded otherwise. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { endpoint } = options;
  if (endpoint === undefined) return { tracer: noTracer, close: async () => {} };
  const { startOpenTelemetry } = await import('./open-telemetry.ts');
  return startOpenTelemetry({ ...options, endpoint });
}

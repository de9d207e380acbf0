import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Span as ApiSpan,
  type Context,
  createTraceState,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NoopSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { type TraceContext, traceContextOf, traceHeadersOf } from '../domain/trace-context.ts';
import type { Span, SpanOptions, Tracer } from '../domain/tracing.ts';
import type { Tracing, TracingObserver, TracingOptions } from './tracing.ts';

const exportTimeoutMs = 5_000;
const exportEveryMs = 1_000;
/** A few batches of messages; what comes on top while the collector is slow is lost. */
const mostWaiting = 16_384;
/** One for each message of the largest batch. */
const mostLinks = 5_000;
const warnEveryMs = 60_000;

/**
 * Tracing by OpenTelemetry's SDK, without any of its globals: spans are sent in the background over OTLP/HTTP as JSON,
 * those that the collector does not take are lost, and a warning says so once a minute at most.
 */
export function startOpenTelemetry(options: TracingOptions & { readonly endpoint: string }): Tracing {
  const { endpoint, sampleRatio, service, flushMs, observer } = options;
  const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
  const exporter = watched(new OTLPTraceExporter({ url, timeoutMillis: exportTimeoutMs }), options);
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.name': service.name,
        'service.version': service.version,
        'service.instance.id': randomUUID(),
      }),
    ),
    sampler: new ParentBasedSampler({ root: sampleLinkedOr(new TraceIdRatioBasedSampler(sampleRatio)) }),
    spanLimits: { linkCountLimit: mostLinks, attributeValueLengthLimit: 1_000 },
    spanProcessors: [
      ...(observer ? [new SpanCounter(observer)] : []),
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: mostWaiting,
        scheduledDelayMillis: exportEveryMs,
        exportTimeoutMillis: exportTimeoutMs + 1_000,
      }),
    ],
  });
  return {
    tracer: openTelemetryTracer(provider.getTracer('koe', service.version)),
    async close() {
      // Its faults have been told by the exporter.
      const flushed = provider.shutdown().catch(() => undefined);
      const enough = new AbortController();
      await Promise.race([flushed, sleep(flushMs, undefined, { signal: enough.signal })]);
      enough.abort();
    },
  };
}

const kinds = {
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
} as const;

function openTelemetryTracer(api: ReturnType<TracerProvider['getTracer']>): Tracer {
  const active = new AsyncLocalStorage<Context>();
  return {
    on: true,
    inside: () => active.getStore() !== undefined,
    begin(name, { kind, attributes = {}, parent = {}, links = [] }: SpanOptions = {}) {
      const continued = traceContextOf(parent);
      const context =
        continued === undefined
          ? (active.getStore() ?? ROOT_CONTEXT)
          : trace.setSpanContext(ROOT_CONTEXT, remoteContext(continued));
      const linked = links.flatMap((headers) => {
        const found = traceContextOf(headers);
        return found === undefined ? [] : [{ context: remoteContext(found) }];
      });
      const options = { kind: kind === undefined ? SpanKind.INTERNAL : kinds[kind], attributes, links: linked };
      return new OpenTelemetrySpan(api.startSpan(name, options, context));
    },
    within(span, work) {
      if (!(span instanceof OpenTelemetrySpan)) return work();
      return active.run(trace.setSpan(ROOT_CONTEXT, span.api), work);
    },
  };
}

class OpenTelemetrySpan implements Span {
  readonly api: ApiSpan;

  constructor(api: ApiSpan) {
    this.api = api;
  }

  get headers() {
    const { traceId, spanId, traceFlags, traceState } = this.api.spanContext();
    const sampled = (traceFlags & TraceFlags.SAMPLED) !== 0;
    const state = traceState?.serialize();
    return traceHeadersOf({ traceId, spanId, sampled, ...(state !== undefined && { state }) });
  }

  set(attributes: Readonly<Record<string, string | number | boolean>>): void {
    this.api.setAttributes(attributes);
  }

  fail(error: unknown): void {
    this.api.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
    this.api.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    this.api.end();
  }
}

function remoteContext({ traceId, spanId, sampled, state }: TraceContext): SpanContext {
  return {
    traceId,
    spanId,
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
    ...(state !== undefined && { traceState: createTraceState(state) }),
  };
}

/** Records the trace of a batch as soon as one of the messages it links to is recorded: their links lead to it. */
function sampleLinkedOr(otherwise: Sampler): Sampler {
  return {
    shouldSample(context, traceId, name, kind, attributes, links) {
      if (links.some((link) => (link.context.traceFlags & TraceFlags.SAMPLED) !== 0)) {
        return { decision: SamplingDecision.RECORD_AND_SAMPLED };
      }
      return otherwise.shouldSample(context, traceId, name, kind, attributes, links);
    },
    toString: () => `LinkedOr{${otherwise.toString()}}`,
  };
}

class SpanCounter extends NoopSpanProcessor {
  readonly #observer: TracingObserver;

  constructor(observer: TracingObserver) {
    super();
    this.#observer = observer;
  }

  override onEnd(): void {
    this.#observer.spanRecorded();
  }
}

/** The exporter, with what became of the spans counted, and failures told once a minute at most. */
function watched(exporter: SpanExporter, { endpoint, observer, logger }: TracingOptions): SpanExporter {
  const address = new URL(endpoint ?? '').origin;
  let warnedAt = Number.NEGATIVE_INFINITY;
  let lost = 0;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error === undefined && result.code === 0) observer?.spansExported(spans.length);
        else {
          lost += spans.length;
          if (performance.now() - warnedAt >= warnEveryMs) {
            warnedAt = performance.now();
            logger.warn({ address, lost, err: result.error }, 'the collector does not take spans; they are lost');
          }
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

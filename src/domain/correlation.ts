import type { Headers } from './message.ts';
import { traceContextOf, traceHeaders, traceHeadersOf } from './trace-context.ts';

/** The header by which a producer without tracing names whatever its messages belong to: a request, a ticket, a file. */
export const correlationIdHeader = 'koe-correlation-id';

/** How log lines name what a message belongs to; `trace_id` as OpenTelemetry writes it in logs that are not its own. */
export interface Correlation {
  readonly correlationId?: string;
  readonly trace_id?: string;
}

/** What a message belongs to, as its headers say; identifiers are visible ASCII of at most 128 characters. */
export function correlationOf(headers: Headers): Correlation {
  const id = correlationIdOf(headers);
  const trace = traceContextOf(headers);
  return { ...(id !== undefined && { correlationId: id }), ...(trace !== undefined && { trace_id: trace.traceId }) };
}

/** The headers that whatever is made of a message takes over from it: trace context and correlation id, where valid. */
export function inheritedHeaders(headers: Headers): Headers {
  const id = correlationIdOf(headers);
  const trace = traceContextOf(headers);
  return {
    ...(id !== undefined && { [correlationIdHeader]: [Buffer.from(id)] }),
    ...(trace !== undefined && traceHeadersOf(trace)),
  };
}

/** The same message at another place of a trace: only the trace context is replaced. */
export function atPlaceInTrace<T extends { readonly headers: Headers }>(message: T, trace: Headers): T {
  const { [traceHeaders.parent]: _parent, [traceHeaders.state]: _state, ...rest } = message.headers;
  return { ...message, headers: { ...rest, ...trace } };
}

function correlationIdOf(headers: Headers): string | undefined {
  const text = headers[correlationIdHeader]?.[0]?.toString('latin1');
  return text !== undefined && /^[\x21-\x7e]{1,128}$/.test(text) ? text : undefined;
}

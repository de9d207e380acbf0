import type { Headers } from './message.ts';

/** Headers of the W3C Trace Context that koe reads and writes. */
export const traceHeaders = { parent: 'traceparent', state: 'tracestate' } as const;

/** Where a message stands in a trace. */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits: the span that sent the message. */
  readonly spanId: string;
  /** Whether the sender records the trace. */
  readonly sampled: boolean;
  /** What tracing systems along the way noted, as it came. */
  readonly state?: string;
}

const format = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.{0,200})?$/;
const longestState = 512;

/**
 * The trace context in a message's headers; undefined where there is none, or none that is valid.
 *
 * Source: W3C Trace Context (Recommendation, 2021), sections 3.2 and 3.3; names as in its Kafka usage, lower case.
 */
export function traceContextOf(headers: Headers): TraceContext | undefined {
  const given = headers[traceHeaders.parent];
  const [value] = given ?? [];
  if (value === undefined || given?.length !== 1 || value.length > 255) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', more] = format.exec(value.toString('latin1')) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const state = stateOf(headers);
  const sampled = (Number.parseInt(flags, 16) & 1) === 1;
  return { traceId, spanId, sampled, ...(state !== undefined && { state }) };
}

/** Headers that make whatever carries them a child of the span. */
export function traceHeadersOf({ traceId, spanId, sampled, state }: TraceContext): Headers {
  const parent = Buffer.from(`00-${traceId}-${spanId}-${sampled ? '01' : '00'}`);
  return {
    [traceHeaders.parent]: [parent],
    ...(state !== undefined && state !== '' && { [traceHeaders.state]: [Buffer.from(state)] }),
  };
}

function stateOf(headers: Headers): string | undefined {
  const text = headers[traceHeaders.state]?.map((bytes) => bytes.toString('latin1')).join(',') ?? '';
  return text.length <= longestState && /^[\x20-\x7e]+$/.test(text) ? text : undefined;
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A span as it came over the wire. */
export interface ReceivedSpan {
  readonly service: string;
  readonly name: string;
  readonly kind: 'internal' | 'client' | 'producer' | 'consumer';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** Span ids. */
  readonly links: readonly string[];
  readonly failed: boolean;
}

/** A collector of traces on the loopback. */
export interface OtlpReceiver {
  readonly endpoint: string;
  readonly spans: readonly ReceivedSpan[];
  /** Header values of all requests, by name. */
  readonly headers: readonly NodeJS.Dict<string | string[]>[];
  close(): Promise<void>;
}

interface AnyValue {
  readonly stringValue?: string;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
}
type KeyValues = readonly { readonly key: string; readonly value: AnyValue }[];
interface SpanJson {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes?: KeyValues;
  readonly links?: readonly { readonly spanId: string }[];
  readonly status?: { readonly code?: number };
}
interface Request {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: KeyValues };
    readonly scopeSpans: readonly { readonly spans: readonly SpanJson[] }[];
  }[];
}

const kinds: Readonly<Record<number, ReceivedSpan['kind']>> = {
  1: 'internal',
  3: 'client',
  4: 'producer',
  5: 'consumer',
};

/**
 * Starts a server that takes traces as OTLP over HTTP in JSON.
 *
 * Source: OpenTelemetry Protocol 1.x, "OTLP/HTTP" and its JSON encoding (ids are hexadecimal, 64-bit integers text).
 */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const headers: NodeJS.Dict<string | string[]>[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (request.method !== 'POST' || request.url !== '/v1/traces') {
      response.writeHead(404).end();
      return;
    }
    const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    headers.push(request.headers);
    spans.push(...spansOf(JSON.parse(text.toString()) as Request));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    headers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function spansOf({ resourceSpans }: Request): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap((scope) => scope.spans.map((span) => spanOf(service, span)));
  });
}

function spanOf(service: string, span: SpanJson): ReceivedSpan {
  const { name, traceId, spanId, parentSpanId = '', attributes = [], links = [], status } = span;
  const kind = kinds[span.kind];
  if (kind === undefined) throw new Error(`a span of kind ${span.kind}`);
  return {
    ...{ service, name, kind, traceId, spanId, parentSpanId },
    attributes: valuesOf(attributes),
    links: links.map((link) => link.spanId),
    failed: status?.code === 2,
  };
}

function valuesOf(pairs: KeyValues): Record<string, string | number | boolean> {
  return Object.fromEntries(
    pairs.map(({ key, value: { stringValue, intValue, doubleValue, boolValue } }) => {
      const whole = intValue === undefined ? undefined : Number(intValue);
      return [key, stringValue ?? whole ?? doubleValue ?? boolValue ?? ''];
    }),
  );
}

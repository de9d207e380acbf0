import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import '../../../src/app/enrich-app.ts';
import type { Headers } from '../../../src/domain/message.ts';
import { noTracer, traced } from '../../../src/domain/tracing.ts';
import type { Logger } from '../../../src/telemetry/logger.ts';
import { openTracing, type TracingOptions } from '../../../src/telemetry/tracing.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { silentLogger } from '../../support/silent-logger.ts';
import { until } from '../../support/until.ts';

const { cache } = createRequire(import.meta.url);
const loaded = () => Object.keys(cache).filter((path) => /@opentelemetry\/(sdk|exporter|otlp)/.test(path));
const sampledBy = (flags: string): Headers => ({
  traceparent: [Buffer.from(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-${flags}`)],
});
const flagsOf = (headers: Headers) => String(headers.traceparent?.[0]).slice(-2);

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(options: Partial<TracingOptions> & Pick<TracingOptions, 'endpoint'>) {
  const service = { name: 'test', version: '1' };
  const tracing = await openTracing({ sampleRatio: 1, service, flushMs: 2_000, logger: silentLogger, ...options });
  closing.push(() => tracing.close());
  return tracing;
}

async function receiver(): Promise<OtlpReceiver> {
  const started = await startOtlpReceiver();
  closing.push(() => started.close());
  return started;
}

async function serverThat(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function loggerInto(lines: object[]): Logger {
  return { ...silentLogger, warn: (fields: object) => lines.push(fields) } as unknown as Logger;
}

describe('without a collector', () => {
  test('nothing is recorded, and OpenTelemetry is not loaded', async () => {
    const { tracer } = await open({ endpoint: undefined });
    expect(tracer).toBe(noTracer);
    expect(tracer.begin('work').headers).toEqual({});
    expect(loaded()).toEqual([]);
  });
});

describe('with a collector', () => {
  test('OpenTelemetry is loaded: the test above looks in the right place', async () => {
    await open({ endpoint: 'http://127.0.0.1:1' });
    expect(loaded()).not.toEqual([]);
  });

  test('spans are children of the work that they begin in, and fail with what it throws', async () => {
    const collector = await receiver();
    const { tracer, close } = await open({ endpoint: collector.endpoint });
    const work = traced(tracer, 'outer', {}, () =>
      traced(tracer, 'inner', { kind: 'client', attributes: { size: 3 } }, async () => {
        await Promise.resolve();
        throw new RangeError('a customer’s words');
      }),
    );
    await expect(work).rejects.toThrow(RangeError);
    await close();
    const [inner, outer] = collector.spans;
    expect(outer).toMatchObject({ service: 'test', name: 'outer', kind: 'internal', parentSpanId: '', failed: true });
    expect(inner).toMatchObject({ name: 'inner', kind: 'client', parentSpanId: outer?.spanId, failed: true });
    expect(inner?.attributes).toEqual({ size: 3, 'error.type': 'RangeError' });
  });

  test('its own share of traces is recorded; those of others go by their decision', async () => {
    const { tracer } = await open({ endpoint: 'http://127.0.0.1:1', sampleRatio: 0 });
    expect(flagsOf(tracer.begin('root').headers)).toBe('00');
    expect(flagsOf(tracer.begin('child', { parent: sampledBy('01') }).headers)).toBe('01');
    expect(flagsOf(tracer.begin('child', { parent: sampledBy('00') }).headers)).toBe('00');
    expect(flagsOf(tracer.begin('batch', { links: [sampledBy('00'), sampledBy('01')] }).headers)).toBe('01');
    expect(flagsOf(tracer.begin('batch', { links: [sampledBy('00'), {}] }).headers)).toBe('00');
  });

  test('all links of a large batch arrive', async () => {
    const collector = await receiver();
    const { tracer, close } = await open({ endpoint: collector.endpoint });
    tracer.begin('batch', { links: Array.from({ length: 1_000 }, () => sampledBy('01')) }).end();
    await close();
    expect(collector.spans[0]?.links).toHaveLength(1_000);
  });
});

describe('a collector that fails', () => {
  const many = 3_000;

  test('is told of once, spans are lost, and nothing else happens', async () => {
    const lines: object[] = [];
    let asked = 0;
    const endpoint = await serverThat((request, response) => {
      asked += 1;
      request.resume();
      response.writeHead(400).end();
    });
    const { tracer } = await open({ endpoint, logger: loggerInto(lines) });
    for (let span = 0; span < many; span += 1) tracer.begin('work').end();
    await until('several requests are refused', () => asked >= 3);
    expect(lines).toEqual([{ address: endpoint, lost: expect.any(Number), err: expect.any(Error) }]);
  });

  test.each([
    ['is not there', async () => 'http://127.0.0.1:1'],
    ['never answers', () => serverThat((request) => request.resume())],
  ])('that %s holds closing up for the flush time at most', async (_, start) => {
    const { tracer, close } = await open({ endpoint: await start(), flushMs: 300 });
    for (let span = 0; span < many; span += 1) tracer.begin('work').end();
    const since = performance.now();
    await close();
    expect(performance.now() - since).toBeLessThan(1_500);
  });
});

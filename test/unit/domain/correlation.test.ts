import { expect, test } from 'vitest';
import { atPlaceInTrace, correlationOf, inheritedHeaders } from '../../../src/domain/correlation.ts';
import { message } from '../../support/messages.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const headersOf = (headers: Record<string, string>) => message('', { headers }).headers;
const asText = (headers: ReturnType<typeof headersOf>) =>
  Object.fromEntries(Object.entries(headers).map(([name, [value]]) => [name, String(value)]));

test('what is made of a message inherits trace context and correlation id, and nothing else', () => {
  const own = { traceparent, tracestate: 'vendor=1', 'koe-correlation-id': 'ticket-42' };
  const headers = headersOf({ ...own, authorization: 'secret', 'content-type': 'application/json' });
  expect(asText(inheritedHeaders(headers))).toEqual(own);
  expect(correlationOf(headers)).toEqual({ correlationId: 'ticket-42', trace_id: traceparent.split('-')[1] });
});

test.each([
  ['empty', ''],
  ['endless', 'x'.repeat(129)],
  ['for a terminal', 'x\u001b[2J'],
  ['of two words', 'two words'],
  ['in Japanese', 'チケット'],
])('a correlation id that is %s counts as none', (_, id) => {
  const headers = headersOf({ 'koe-correlation-id': id });
  expect(inheritedHeaders(headers)).toEqual({});
  expect(correlationOf(headers)).toEqual({});
});

test('another place in a trace replaces the trace context alone', () => {
  const given = message('x', { headers: { traceparent: 'broken', tracestate: 'stale=1', ce_id: '7' } });
  const placed = atPlaceInTrace(given, headersOf({ traceparent }));
  expect(asText(placed.headers)).toEqual({ ce_id: '7', traceparent });
  expect({ ...placed, headers: {} }).toEqual({ ...given, headers: {} });
});

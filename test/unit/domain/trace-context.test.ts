import { describe, expect, test } from 'vitest';
import type { Headers } from '../../../src/domain/message.ts';
import { traceContextOf, traceHeadersOf } from '../../../src/domain/trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const of = (parent: string | readonly string[], state?: string): Headers => ({
  traceparent: [parent].flat().map((text) => Buffer.from(text)),
  ...(state !== undefined && { tracestate: [Buffer.from(state)] }),
});

describe('traceparent', () => {
  test.each([
    ['sampled', `00-${traceId}-${spanId}-01`, true],
    ['not sampled', `00-${traceId}-${spanId}-00`, false],
    ['other flags', `00-${traceId}-${spanId}-ff`, true],
    ['a later version', `01-${traceId}-${spanId}-01-what-comes-then`, true],
  ])('%s', (_, parent, sampled) => {
    expect(traceContextOf(of(parent))).toEqual({ traceId, spanId, sampled });
  });

  test.each([
    ['upper case', `00-${traceId.toUpperCase()}-${spanId}-01`],
    ['no trace', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['no span', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['version ff', `ff-${traceId}-${spanId}-01`],
    ['more than version 00 has', `00-${traceId}-${spanId}-01-x`],
    ['too short', `00-${traceId}-${spanId}`],
    ['white space', ` 00-${traceId}-${spanId}-01`],
    ['endless', `01-${traceId}-${spanId}-01-${'x'.repeat(1_000_000)}`],
    ['empty', ''],
  ])('%s is none', (_, parent) => {
    expect(traceContextOf(of(parent, 'vendor=1'))).toBeUndefined();
  });

  test('two of them are none', () => {
    expect(traceContextOf(of([`00-${traceId}-${spanId}-01`, `00-${traceId}-${spanId}-01`]))).toBeUndefined();
  });
});

describe('tracestate', () => {
  test.each([
    ['is kept', 'vendor=1,other=2', 'vendor=1,other=2'],
    ['is dropped when it is longer than 512', 'v='.padEnd(513, 'x'), undefined],
    ['is dropped when it holds control characters', 'vendor=\u001b[31m', undefined],
  ])('%s', (_, given, kept) => {
    expect(traceContextOf(of(`00-${traceId}-${spanId}-01`, given))?.state).toBe(kept);
  });
});

test('headers tell what they were made of', () => {
  const context = { traceId, spanId, sampled: true, state: 'vendor=1' };
  expect(traceContextOf(traceHeadersOf(context))).toEqual(context);
  expect(Object.keys(traceHeadersOf({ traceId, spanId, sampled: false }))).toEqual(['traceparent']);
});

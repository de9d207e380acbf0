import { atPlaceInTrace } from '../domain/correlation.ts';
import type { ReceivedMessage } from '../domain/message.ts';
import type { Verdict } from '../domain/outcome.ts';
import { traceContextOf } from '../domain/trace-context.ts';
import { type Attributes, type Span, type Tracer, traced } from '../domain/tracing.ts';

/** Names of a batch's span in log lines, as OpenTelemetry has them in logs that are not its own. */
export interface BatchTrace {
  readonly trace_id?: string;
  readonly span_id?: string;
}

/**
 * Traces the handling of a batch: one span for the batch, which links to the senders of its messages, and one for each
 * message, which continues its sender's trace (the batch's where it has none). The work gets the messages with the
 * trace context of their own spans, so that whatever is made of them continues from there.
 *
 * Source: OpenTelemetry, "Semantic conventions for messaging spans" and "for Kafka".
 */
export async function traceBatch(
  tracer: Tracer,
  groupId: string,
  messages: readonly ReceivedMessage[],
  work: (messages: readonly ReceivedMessage[], trace: BatchTrace) => Promise<readonly Verdict[]>,
): Promise<void> {
  const [first] = messages;
  if (!tracer.on || first === undefined) {
    await work(messages, {});
    return;
  }
  const common = {
    'messaging.system': 'kafka',
    'messaging.destination.name': first.topic,
    'messaging.destination.partition.id': String(first.partition),
    'messaging.consumer.group.name': groupId,
  };
  const options = {
    kind: 'consumer',
    attributes: {
      ...common,
      ...operation('receive'),
      'messaging.batch.message_count': messages.length,
      'messaging.kafka.offset': Number(first.offset),
    },
    links: messages.map(({ headers }) => headers),
  } as const;
  await traced(tracer, `receive ${first.topic}`, options, async (batch) => {
    const spans = messages.map((message) => beginMessage(tracer, message, batch, common));
    try {
      const placed = messages.map((message, index) => atPlaceInTrace(message, spans[index]?.headers ?? {}));
      const verdicts = await work(placed, logged(batch));
      for (const [index, span] of spans.entries()) tell(span, verdicts[index]);
    } catch (error) {
      for (const span of spans) span.fail(error);
      throw error;
    } finally {
      for (const span of spans) span.end();
    }
  });
}

function operation(name: 'receive' | 'process'): Attributes {
  return { 'messaging.operation.name': name, 'messaging.operation.type': name };
}

function beginMessage(tracer: Tracer, message: ReceivedMessage, batch: Span, common: Attributes): Span {
  const { topic, headers, offset, value } = message;
  const attributes = {
    ...common,
    ...operation('process'),
    'messaging.kafka.offset': Number(offset),
    ...(value === null && { 'messaging.kafka.message.tombstone': true }),
  };
  const continues = traceContextOf(headers) !== undefined;
  const options = {
    kind: 'consumer',
    attributes,
    parent: headers,
    ...(continues && { links: [batch.headers] }),
  } as const;
  return tracer.begin(`process ${topic}`, options);
}

function tell(span: Span, verdict: Verdict | undefined): void {
  if (verdict === undefined) return;
  span.set({
    'koe.outcome': verdict.kind,
    ...(verdict.kind === 'drop' && { 'koe.drop.reason': verdict.reason }),
    ...(verdict.kind === 'dead-letter' && { 'koe.reject.code': verdict.code, 'koe.reject.step': verdict.step }),
  });
}

function logged(span: Span): BatchTrace {
  const context = traceContextOf(span.headers);
  return context === undefined ? {} : { trace_id: context.traceId, span_id: context.spanId };
}

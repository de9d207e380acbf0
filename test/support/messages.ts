import type { ReceivedMessage } from '../../src/domain/message.ts';

/** A valid piece of raw feedback, with changes. */
export function rawFeedback(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'review-1',
    tenant: 'shop',
    channel: 'review',
    occurredAt: '2026-11-01T10:00:00+09:00',
    text: '電池がすぐ切れます。',
    ...changes,
  };
}

/** A message as Kafka would deliver it, with changes; objects become JSON. */
export function message(
  value: Record<string, unknown> | Buffer | string | null,
  changes: Partial<Omit<ReceivedMessage, 'headers'>> & { headers?: Record<string, string> } = {},
): ReceivedMessage {
  const { headers = {}, ...rest } = changes;
  const bytes = Buffer.isBuffer(value) || value === null ? value : Buffer.from(asText(value));
  return {
    topic: 'koe.feedback.review.v1',
    partition: 0,
    offset: '7',
    timestamp: Date.UTC(2026, 10, 1, 2),
    key: Buffer.from('shop/customer-1'),
    value: bytes,
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, [Buffer.from(text)]])),
    ...rest,
  };
}

function asText(value: Record<string, unknown> | string): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

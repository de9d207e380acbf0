import type { KafkaMessage } from 'kafkajs';
import type { Headers, ReceivedMessage } from '../domain/message.ts';

/** A message of kafkajs as koe's own value; bytes are shared, not copied. A header without a value gets no bytes. */
export function receivedMessage(topic: string, partition: number, message: KafkaMessage): ReceivedMessage {
  return {
    topic,
    partition,
    offset: message.offset,
    timestamp: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers: headersOf(message),
  };
}

function headersOf(message: KafkaMessage): Headers {
  return Object.fromEntries(
    Object.entries(message.headers ?? {}).map(([name, value]) => [name, [value].flat().map(bytes)]),
  );
}

function bytes(value: Buffer | string | undefined | null): Buffer {
  if (value === undefined || value === null) return Buffer.alloc(0);
  return typeof value === 'string' ? Buffer.from(value) : value;
}

/** Bytes of a received message's key and value, which is what the size of a chunk is counted in. */
export function payloadBytes(message: { readonly key: Buffer | null; readonly value: Buffer | null }): number {
  return (message.key?.length ?? 0) + (message.value?.length ?? 0);
}

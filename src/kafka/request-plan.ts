import type { Message } from 'kafkajs';
import type { OutgoingMessage } from '../domain/message.ts';
import { chunksOf } from './chunks.ts';

/** What one produce request may hold. kafkajs needs quadratic time beyond 1,000 messages. */
export const requestLimits = { messages: 1_000, bytes: 900_000 } as const;

/** Bytes a record costs besides its key, value and headers, rounded up (KIP-98 record format). */
const recordOverhead = 40;

/** Bytes of one record before compression. */
export function recordBytes(message: OutgoingMessage): number {
  let bytes = recordOverhead + byteLength(message.key) + byteLength(message.value);
  for (const [name, values] of Object.entries(message.headers ?? {})) {
    for (const value of values) bytes += 10 + Buffer.byteLength(name) + value.length;
  }
  return bytes;
}

function byteLength(part: Buffer | string | null): number {
  return part === null ? 0 : Buffer.byteLength(part);
}

/** Messages in the order given, cut into what one request each may hold. */
export function requestsFor(messages: readonly OutgoingMessage[]): Generator<OutgoingMessage[]> {
  return chunksOf(messages, requestLimits, recordBytes);
}

/** Messages grouped by topic as kafkajs wants them, the order within a topic kept. */
export function byTopic(messages: readonly OutgoingMessage[]): { topic: string; messages: Message[] }[] {
  const groups = new Map<string, Message[]>();
  for (const { topic, key, value, headers } of messages) {
    const message: Message = { key, value };
    if (headers !== undefined) {
      message.headers = Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, [...values]]));
    }
    const group = groups.get(topic);
    if (group === undefined) groups.set(topic, [message]);
    else group.push(message);
  }
  return [...groups].map(([topic, group]) => ({ topic, messages: group }));
}

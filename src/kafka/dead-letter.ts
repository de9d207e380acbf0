import type { Headers, OutgoingMessage, ReceivedMessage } from '../domain/message.ts';
import type { Outcome } from '../domain/outcome.ts';

/** Names of the headers koe adds to a dead letter. A received header of one of these names is replaced. */
export const deadLetterHeaders = {
  code: 'koe-reject-code',
  detail: 'koe-reject-detail',
  step: 'koe-reject-step',
  /** RFC 3339, UTC. */
  at: 'koe-reject-at',
  sourceTopic: 'koe-source-topic',
  sourcePartition: 'koe-source-partition',
  sourceOffset: 'koe-source-offset',
  /** Milliseconds since 1970. */
  sourceTimestamp: 'koe-source-timestamp',
  /** How often the message has been put back to its topic; kept from the received message, `0` at first. */
  redriveCount: 'koe-redrive-count',
} as const;

/** UTF-16 units of a reject detail that are kept. */
export const maxDetailLength = 1_000;

/** The verdict that makes a message a dead letter. */
export type Rejection = Extract<Outcome<never>, { kind: 'dead-letter' }>;

/**
 * The dead letter of a message: its key, value and headers byte for byte, plus why, where from and when. (A message that
 * is traced has been put at the place of its own span before: see `traceBatch`.)
 *
 * @param at milliseconds since 1970
 */
export function deadLetterOf(
  message: ReceivedMessage,
  rejection: Rejection,
  topic: string,
  at: number,
): OutgoingMessage & { readonly headers: Headers } {
  const names = deadLetterHeaders;
  const added = {
    [names.code]: rejection.code,
    [names.detail]: rejection.detail.slice(0, maxDetailLength),
    [names.step]: rejection.step,
    [names.at]: new Date(at).toISOString(),
    [names.sourceTopic]: message.topic,
    [names.sourcePartition]: String(message.partition),
    [names.sourceOffset]: message.offset,
    [names.sourceTimestamp]: String(message.timestamp),
  };
  const headers: Record<string, readonly Buffer[]> = {
    [names.redriveCount]: [Buffer.from('0')],
    ...message.headers,
    ...Object.fromEntries(Object.entries(added).map(([name, value]) => [name, [Buffer.from(value)]])),
  };
  return { topic, key: message.key, value: message.value, headers };
}

/**
 * A dead letter as it goes back to the topic it was rejected from: key, value and headers as its producer sent them,
 * and one redrive more. Its time is the broker's: under the old one a topic's retention might delete it at once.
 *
 * @param redriveCount how often it has been put back before
 */
export function redrivenMessage(letter: ReceivedMessage, sourceTopic: string, redriveCount: number): OutgoingMessage {
  const own = new Set<string>(Object.values(deadLetterHeaders));
  const headers = Object.fromEntries([
    ...Object.entries(letter.headers).filter(([name]) => !own.has(name)),
    [deadLetterHeaders.redriveCount, [Buffer.from(String(redriveCount + 1))]],
  ]);
  return { topic: sourceTopic, key: letter.key, value: letter.value, headers };
}

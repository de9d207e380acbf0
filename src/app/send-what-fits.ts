import type { OutgoingMessage } from '../domain/message.ts';
import { MessageTooLargeError } from '../kafka/errors.ts';
import type { MessageProducer } from '../kafka/producer.ts';

/**
 * Sends messages except those that their topic does not take even alone. Messages of one key keep their order; some
 * may be sent twice.
 *
 * @returns the positions of messages that were not sent
 * @throws DependencyError when Kafka is away or refuses for another reason
 */
export async function sendWhatFits(producer: MessageProducer, messages: readonly OutgoingMessage[]): Promise<number[]> {
  try {
    await producer.send(messages);
    return [];
  } catch (error) {
    if (!(error instanceof MessageTooLargeError)) throw error;
    if (messages.length === 1) return [0];
    const half = messages.length >> 1;
    const first = await sendWhatFits(producer, messages.slice(0, half));
    const second = await sendWhatFits(producer, messages.slice(half));
    return [...first, ...second.map((at) => at + half)];
  }
}

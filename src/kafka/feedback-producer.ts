import type { Feedback } from '../domain/feedback.ts';
import { messageKey } from '../domain/message-key.ts';
import type { TopicNames } from '../domain/topics.ts';
import type { MessageProducer } from './producer.ts';

/** Puts raw feedback into Kafka. */
export interface FeedbackProducer {
  /** Resolves when every piece is acknowledged; throws DependencyError, after which sending again is safe. */
  send(feedback: readonly Feedback[]): Promise<void>;
}

/** A producer that chooses each piece's topic by its channel and its key by conversation or customer. */
export function createFeedbackProducer(producer: MessageProducer, topics: TopicNames): FeedbackProducer {
  return {
    send: (feedback) =>
      producer.send(
        feedback.map((piece) => ({
          topic: topics.feedback[piece.channel],
          key: messageKey(piece),
          value: JSON.stringify(piece),
        })),
      ),
  };
}

import type { Feedback } from '../domain/feedback.ts';
import { messageKey } from '../domain/message-key.ts';
import type { TopicNames } from '../domain/topics.ts';
import { noTracer, type Tracer } from '../domain/tracing.ts';
import type { MessageProducer } from './producer.ts';

/** Puts raw feedback into Kafka. */
export interface FeedbackProducer {
  /** Resolves when every piece is acknowledged; throws DependencyError, after which sending again is safe. */
  send(feedback: readonly Feedback[]): Promise<void>;
}

/**
 * A producer that chooses each piece's topic by its channel and its key by conversation or customer. With a tracer,
 * each piece begins a trace that goes on with whoever reads it.
 */
export function createFeedbackProducer(
  producer: MessageProducer,
  topics: TopicNames,
  tracer: Tracer = noTracer,
): FeedbackProducer {
  return {
    async send(feedback) {
      const created = feedback.map((piece) => {
        const topic = topics.feedback[piece.channel];
        const span = tracer.begin(`create ${topic}`, {
          kind: 'producer',
          attributes: {
            'messaging.system': 'kafka',
            'messaging.operation.name': 'create',
            'messaging.operation.type': 'create',
            'messaging.destination.name': topic,
          },
        });
        const message = { topic, key: messageKey(piece), value: JSON.stringify(piece), headers: span.headers };
        return { message, span };
      });
      try {
        await producer.send(created.map(({ message }) => message));
      } catch (error) {
        for (const { span } of created) span.fail(error);
        throw error;
      } finally {
        for (const { span } of created) span.end();
      }
    },
  };
}

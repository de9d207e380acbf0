import type { Accepted, Intake } from '../api/api-services.ts';
import type { CustomerEvent } from '../domain/customer-event.ts';
import type { Feedback } from '../domain/feedback.ts';
import { andThen, type Outcome, ok } from '../domain/outcome.ts';
import type { TopicNames } from '../domain/topics.ts';
import { createFeedbackProducer } from '../kafka/feedback-producer.ts';
import type { MessageProducer } from '../kafka/producer.ts';
import type { JsonObject } from '../pipeline/cloud-event.ts';
import { readCustomerEvent } from '../pipeline/customer-events.ts';
import { readFeedback } from '../pipeline/decode.ts';
import { type GuardOptions, guard, guardTime } from '../pipeline/guard.ts';

/** What pieces are held against, and where they go. */
export interface IntakeOptions extends Pick<GuardOptions, 'maxTextLength'> {
  readonly producer: MessageProducer;
  readonly topics: TopicNames;
  readonly strictFields: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Takes feedback and events into Kafka under the tenant of whoever sends them. */
export function createIntake(options: IntakeOptions): Intake {
  const { producer, topics, now } = options;
  const feedbackProducer = createFeedbackProducer(producer, topics);
  return {
    feedback: (tenant, pieces) =>
      take<Feedback>(
        pieces,
        (piece) => {
          const read = andThen(owned(piece, tenant), (own) => readFeedback(own, options));
          return andThen(read, ({ feedback }) => {
            const checked = guard(feedback, { now: now(), maxTextLength: options.maxTextLength });
            // Agents' turns are part of a conversation: the worker decides what becomes of them.
            return checked.kind === 'drop' ? ok(feedback) : checked;
          });
        },
        (good) => feedbackProducer.send(good),
      ),
    events: (tenant, pieces) =>
      take<CustomerEvent>(
        pieces,
        (piece) => {
          const read = andThen(owned(piece, tenant), (own) => readCustomerEvent(own, options));
          return andThen(read, ({ value }) => andThen(guardTime(value.occurredAt, now()), () => ok(value)));
        },
        (good) =>
          producer.send(
            good.map((event) => ({
              topic: topics.customerEvents,
              key: `${event.tenant}/${event.customerId}`,
              value: JSON.stringify(event),
            })),
          ),
      ),
  };
}

/** A piece under the tenant of the key: nobody speaks for another one. */
function owned(piece: unknown, tenant: string): Outcome<JsonObject> {
  const object = piece as JsonObject;
  if (object.tenant !== undefined && object.tenant !== tenant) {
    const detail = `tenant: must be ${tenant}, which the key belongs to, or be left out`;
    return { kind: 'dead-letter', code: 'KOE_FIELD_INVALID', detail, step: 'intake' };
  }
  return ok({ ...object, tenant });
}

async function take<T>(
  pieces: readonly unknown[],
  read: (piece: unknown) => Outcome<T>,
  send: (good: readonly T[]) => Promise<void>,
): Promise<Accepted[]> {
  const outcomes = pieces.map(read);
  await send(outcomes.flatMap((outcome) => (outcome.kind === 'ok' ? [outcome.value] : [])));
  return outcomes.map((outcome): Accepted => {
    if (outcome.kind === 'dead-letter') return { kind: 'refused', code: outcome.code, detail: outcome.detail };
    return { kind: 'accepted' };
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../config/settings.ts';
import type { CustomerEvent } from '../domain/customer-event.ts';
import type { Feedback } from '../domain/feedback.ts';
import { messageKey } from '../domain/message-key.ts';
import { inputTopics, topicNames } from '../domain/topics.ts';
import type { KafkaConnection } from '../kafka/connection.ts';
import { fetchLag } from '../kafka/lag.ts';
import type { MessageProducer } from '../kafka/producer.ts';
import type { Database } from '../store/database.ts';
import { refreshRollups } from '../store/rollups.ts';

const messagesAtOnce = 1000;
const hoursAtOnce = 500;
const pauseMs = 250;
/** Longer than the slowest machine needs; what fails fails with a reason before. */
const deadlineMs = 15 * 60_000;

/** Where a world is loaded to. */
export interface LoadTarget {
  readonly settings: Settings;
  readonly connection: KafkaConnection;
  readonly producer: MessageProducer;
  readonly database: Database;
}

/**
 * Sends feedback and events into their topics and waits until the workers have stored and counted all of it.
 *
 * @param progress called with how many messages are done, and of how many, again and again
 * @throws Error when it does not end
 */
export async function loadAll(
  { settings, connection, producer, database }: LoadTarget,
  { feedback, events }: { readonly feedback: readonly Feedback[]; readonly events: readonly CustomerEvent[] },
  progress: (done: number, total: number) => Promise<void>,
): Promise<void> {
  const topics = topicNames(settings.KOE_TOPIC_PREFIX);
  const messages = [
    ...feedback.map((piece) => ({
      topic: topics.feedback[piece.channel],
      key: messageKey(piece),
      value: JSON.stringify(piece),
    })),
    ...events.map((event) => ({
      topic: topics.customerEvents,
      key: `${event.tenant}/${event.customerId}`,
      value: JSON.stringify(event),
    })),
  ];
  for (let from = 0; from < messages.length; from += messagesAtOnce) {
    await producer.send(messages.slice(from, from + messagesAtOnce));
  }
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const lags = await fetchLag(connection, settings.KOE_GROUP_ID, inputTopics(topics));
    const waiting = lags.reduce((sum, { lag }) => sum + lag, 0);
    await progress(Math.max(0, messages.length - waiting), messages.length);
    if (waiting === 0) {
      // The worker counts too, but rests in between, which a company that has 90 days at once need not wait for.
      while ((await refreshRollups(database, hoursAtOnce)) > 0);
      return;
    }
    if (Date.now() > deadline)
      throw new Error(`${waiting} messages are still waiting after ${deadlineMs / 60_000} min`);
    await sleep(pauseMs);
  }
}

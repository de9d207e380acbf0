import type { Settings } from '../config/settings.ts';
import { topicNames } from '../domain/topics.ts';
import { connectKafka } from '../kafka/connection.ts';
import { createFeedbackProducer, type FeedbackProducer } from '../kafka/feedback-producer.ts';
import { createProducer } from '../kafka/producer.ts';
import type { Closing } from '../runtime/closing.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createTopics } from './create-topics.ts';
import { openTracingOf } from './open-tracing.ts';
import { openServers } from './servers.ts';

/**
 * Connects to Kafka, makes the topics that are missing, and opens a producer of raw feedback.
 *
 * @param name of the command, in logs and traces
 * @param closing closes what was opened
 */
export async function openFeedbackProducer(
  settings: Settings,
  name: string,
  closing: Closing,
): Promise<FeedbackProducer> {
  const logger = createLogger({ level: 'warn', name });
  const servers = closing.add(await openServers(settings, { kafka: true, mongo: false }), (opened) => opened.close());
  const { tracer } = closing.add(await openTracingOf(settings, name, logger), (tracing) => tracing.close());
  const connection = connectKafka(servers.kafka, logger);
  const topics = topicNames(settings.KOE_TOPIC_PREFIX);
  await createTopics(connection, topics, settings);
  const producer = closing.add(createProducer(connection, { tracer }), (opened) => opened.close());
  return createFeedbackProducer(producer, topics, tracer);
}

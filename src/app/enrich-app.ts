import type { Health } from '../api/health.ts';
import type { Settings } from '../config/settings.ts';
import { inputTopics, type TopicNames, topicNames } from '../domain/topics.ts';
import type { Tracer } from '../domain/tracing.ts';
import { connectKafka, type KafkaConnection } from '../kafka/connection.ts';
import { createConsumer, type MessageConsumer } from '../kafka/consumer.ts';
import { createProducer, type MessageProducer } from '../kafka/producer.ts';
import type { StopReason } from '../kafka/stop-reason.ts';
import type { createPipeline } from '../pipeline/pipeline.ts';
import { Closing } from '../runtime/closing.ts';
import { openDatabase } from '../store/database.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createMetrics, type Metrics } from '../telemetry/metrics.ts';
import { createTopics } from './create-topics.ts';
import { customerNames } from './customer-names.ts';
import { type LagReporter, startLagReporter } from './lag-reporter.ts';
import { consumerMetrics, pipelineMetrics, tracingMetrics } from './metrics-observers.ts';
import { openPipeline } from './open-pipeline.ts';
import { openTracingOf } from './open-tracing.ts';
import { startRollupRefresher } from './rollup-refresher.ts';
import { serveOperations } from './serve-operations.ts';
import { openServers, type Servers } from './servers.ts';
import { retryPolicy, untilAvailable } from './until-available.ts';

/** Time for closing connections when the drain has taken all of its own. */
const shortestCloseMs = 1000;

/** A running enrich worker. */
export interface EnrichApp {
  /** Base address of /metrics, /healthz and /readyz. */
  readonly operationsUrl: string;
  /** Resolves when the worker has ended, for whatever reason, and everything it opened is closed. */
  readonly ended: Promise<StopReason>;
  /** Finishes the batch in flight, commits, and ends. */
  stop(): Promise<void>;
}

/**
 * Starts an enrich worker: raw feedback from Kafka through the pipeline into MongoDB and the enriched topic.
 *
 * @throws DependencyError when something it needs refuses, OutageError when it stays away
 */
export async function startEnrichApp(settings: Settings, logger: Logger): Promise<EnrichApp> {
  const closing = new Closing();
  try {
    return await start(settings, logger, closing);
  } catch (error) {
    await closeAll(closing, logger);
    throw error;
  }
}

async function closeAll(closing: Closing, logger: Logger, limitMs?: number): Promise<void> {
  for (const fault of await closing.closeAll(limitMs)) logger.warn({ err: fault }, 'not everything could be closed');
}

async function start(settings: Settings, logger: Logger, closing: Closing): Promise<EnrichApp> {
  const metrics = createMetrics();
  const topics = topicNames(settings.KOE_TOPIC_PREFIX);
  let health = (): Health => ({ live: true, ready: false, detail: 'starting' });
  const operations = closing.add(await serveOperations(settings, () => health(), metrics), (server) => server.close());
  const { tracer } = closing.add(
    await openTracingOf(settings, 'koe-enrich', logger, tracingMetrics(metrics)),
    (tracing) => tracing.close(),
  );
  const pseudonymize = customerNames(settings);
  const servers = closing.add(await openServers(settings), (opened) => opened.close());
  announceEmbedded(settings, servers, logger);
  const connection = connectKafka(servers.kafka, logger);
  await untilAvailable(() => createTopics(connection, topics, settings), retryPolicy(settings), logger);
  const database = closing.add(
    await untilAvailable(() => openDatabase({ ...servers.database, tracer }), retryPolicy(settings), logger),
    (opened) => opened.close(),
  );
  // The consumer tries again, after it has made sure that the messages are still its own.
  const producer = closing.add(createProducer(connection, { retries: 0, tracer }), (opened) => opened.close());
  const observer = pipelineMetrics(metrics);
  const handle = await openPipeline(settings, {
    topics,
    database,
    producer,
    pseudonymize,
    observer,
    tracer,
    logger,
    closing,
  });
  const lag = closing.add(
    startLagReporter({
      connection,
      groupId: settings.KOE_GROUP_ID,
      topics: inputTopics(topics),
      metrics,
      logger,
    }),
    (reporter) => reporter.stop(),
  );
  const consumer = openConsumer(settings, { connection, topics, handle, producer, metrics, lag, tracer, logger });
  closing.add(startRollupRefresher(database, metrics, logger), (refresher) => refresher.stop());
  health = () => consumer.health();
  let stoppingSince: number | undefined;
  const ended = consumer.run().finally(() => {
    if (stoppingSince === undefined) return closeAll(closing, logger);
    const left = stoppingSince + settings.KOE_DRAIN_SECONDS * 1000 - performance.now();
    return closeAll(closing, logger, Math.max(left, shortestCloseMs));
  });
  logger.info({ operations: operations.url, topics: inputTopics(topics) }, 'enrich worker started');
  return {
    operationsUrl: operations.url,
    ended,
    stop: async () => {
      stoppingSince ??= performance.now();
      health = () => ({ live: true, ready: false, detail: 'stopping' });
      await consumer.stop();
      await ended;
    },
  };
}

/** In production a forgotten address must show in the log: nothing else would look wrong. */
function announceEmbedded(settings: Settings, { kafka, database }: Servers, logger: Logger): void {
  if (settings.KAFKA_BROKERS === undefined)
    logger.info({ brokers: kafka.brokers }, 'KAFKA_BROKERS is not set: using the embedded development broker');
  if (settings.MONGODB_URI === undefined)
    logger.info({ address: database.uri }, 'MONGODB_URI is not set: using the embedded development database');
}

interface ConsumerParts {
  readonly connection: KafkaConnection;
  readonly topics: TopicNames;
  readonly handle: ReturnType<typeof createPipeline>;
  readonly producer: MessageProducer;
  readonly metrics: Metrics;
  readonly lag: LagReporter;
  readonly tracer: Tracer;
  readonly logger: Logger;
}

function openConsumer(settings: Settings, parts: ConsumerParts): MessageConsumer {
  return createConsumer({
    connection: parts.connection,
    groupId: settings.KOE_GROUP_ID,
    topics: inputTopics(parts.topics),
    handle: parts.handle,
    maxBatchMessages: settings.KOE_BATCH_MESSAGES,
    deadLetters: {
      topic: parts.topics.deadLetters,
      producer: parts.producer,
      limit: { count: settings.KOE_DEAD_LETTER_LIMIT, windowMs: settings.KOE_DEAD_LETTER_WINDOW_SECONDS * 1000 },
    },
    retry: retryPolicy(settings),
    drainMs: settings.KOE_DRAIN_SECONDS * 1000,
    observer: consumerMetrics(parts.metrics, parts.lag),
    tracer: parts.tracer,
    logger: parts.logger,
  });
}

import { loadTaxonomy } from '../analysis/load-assets.ts';
import { createApi } from '../api/api-server.ts';
import type { Health } from '../api/health.ts';
import { ConfigurationError, type Settings } from '../config/settings.ts';
import { topicNames } from '../domain/topics.ts';
import { connectKafka } from '../kafka/connection.ts';
import { createProducer } from '../kafka/producer.ts';
import { Closing } from '../runtime/closing.ts';
import { packageVersion } from '../runtime/package-root.ts';
import { createAlertFeed } from '../store/alert-feed.ts';
import { findAccess } from '../store/api-keys.ts';
import { openDatabase } from '../store/database.ts';
import { createReplies } from '../store/replies.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { loadAlertRules } from './alert-assets.ts';
import { replayRule } from './alert-replay.ts';
import { createTopics } from './create-topics.ts';
import { customerNames } from './customer-names.ts';
import { createIntake } from './intake.ts';
import type { RunningWorker } from './process.ts';
import { openServers } from './servers.ts';
import { tenantLetters } from './tenant-letters.ts';
import { createTextVectors } from './text-vectors.ts';
import { findUncovered } from './uncovered-report.ts';
import { retryPolicy, untilAvailable } from './until-available.ts';

/** A running API. */
export interface ApiApp extends RunningWorker {
  /** Base address. */
  readonly url: string;
}

/**
 * Starts the HTTP API over Kafka and MongoDB.
 *
 * @param now milliseconds since 1970 that questions and pieces are held against
 * @throws DependencyError when something it needs refuses, OutageError when it stays away, ConfigurationError when it
 *   cannot listen
 */
export async function startApiApp(settings: Settings, logger: Logger, now = Date.now): Promise<ApiApp> {
  const closing = new Closing();
  const close = async () => {
    for (const fault of await closing.closeAll()) logger.warn({ err: fault }, 'not everything could be closed');
  };
  try {
    const state: { health: Health } = { health: { live: true, ready: true, detail: 'serving' } };
    const url = await start({ settings, logger, closing, now, health: () => state.health });
    let end = () => {};
    const ended = new Promise<{ kind: 'stopped' }>((resolve) => {
      end = () => resolve({ kind: 'stopped' });
    });
    return {
      url,
      ended,
      stop: async () => {
        state.health = { live: true, ready: false, detail: 'stopping' };
        await close();
        end();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface StartParts {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly closing: Closing;
  readonly now: () => number;
  readonly health: () => Health;
}

async function start({ settings, logger, closing, now, health }: StartParts): Promise<string> {
  const topics = topicNames(settings.KOE_TOPIC_PREFIX);
  const servers = closing.add(await openServers(settings), (opened) => opened.close());
  const connection = connectKafka(servers.kafka, logger);
  await untilAvailable(() => createTopics(connection, topics, settings), retryPolicy(settings), logger);
  const database = closing.add(
    await untilAvailable(() => openDatabase(servers.database), retryPolicy(settings), logger),
    (opened) => opened.close(),
  );
  const producer = closing.add(createProducer(connection), (opened) => opened.close());
  const feed = closing.add(createAlertFeed(database), (opened) => opened.close());
  const { rules } = await loadAlertRules();
  const zoneOffsetMs = settings.KOE_ALERT_UTC_OFFSET_MINUTES * 60_000;
  const vectorsOf = createTextVectors(settings);
  const api = closing.add(
    await createApi({
      services: {
        database,
        intake: createIntake({
          producer,
          topics,
          strictFields: settings.KOE_STRICT_FIELDS,
          maxTextLength: settings.KOE_MAX_TEXT_LENGTH,
          now,
        }),
        findUncovered: (filter) => findUncovered(database, filter, vectorsOf),
        replies: createReplies(database),
        alerts: { rules, feed, replay: (rule, period) => replayRule(database, rule, { ...period, zoneOffsetMs }) },
        deadLetters: tenantLetters({ connection, producer, database, topics }),
        taxonomy: loadTaxonomy().topics,
        customerName: customerNames(settings),
        now,
      },
      findAccess: (key) => findAccess(database, key),
      health,
      registry: createMetrics().registry,
      logger,
      version: packageVersion(),
      requestsPerMinute: settings.KOE_API_REQUESTS_PER_MINUTE,
      maxBodyBytes: settings.KOE_API_MAX_BODY_BYTES,
    }),
    (opened) => opened.close(),
  );
  const url = await listen(api, settings);
  logger.info({ url }, 'API started');
  return url;
}

async function listen(api: Awaited<ReturnType<typeof createApi>>, settings: Settings): Promise<string> {
  const { KOE_API_HOST: host, KOE_API_PORT: port } = settings;
  try {
    return await api.listen({ host, port });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it cannot be used';
    throw new ConfigurationError(`KOE_API_HOST and KOE_API_PORT: ${why}; 0 takes any free port`, { cause });
  }
}

import { randomUUID } from 'node:crypto';
import type { Health } from '../api/health.ts';
import type { Settings } from '../config/settings.ts';
import { topicNames } from '../domain/topics.ts';
import { connectKafka } from '../kafka/connection.ts';
import { createConsumer } from '../kafka/consumer.ts';
import { createProducer } from '../kafka/producer.ts';
import { Closing } from '../runtime/closing.ts';
import { countUntaken } from '../store/alert-deliveries.ts';
import { claimTenant, evaluationDelay } from '../store/alert-progress.ts';
import { type Database, openDatabase } from '../store/database.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createMetrics, type Metrics } from '../telemetry/metrics.ts';
import { loadAlertChannels, loadAlertRules } from './alert-assets.ts';
import { announceChanges, deliverNext, giveUpNext } from './alert-delivery.ts';
import { type EvaluationSettings, evaluateTenant } from './alert-evaluator.ts';
import { createAlertMarker } from './alert-marker.ts';
import { rememberUsual } from './alert-usual.ts';
import { createTopics } from './create-topics.ts';
import { startLagReporter } from './lag-reporter.ts';
import { alertMetrics, consumerMetrics } from './metrics-observers.ts';
import type { RunningWorker } from './process.ts';
import { startRepeating } from './repeating.ts';
import { serveOperations } from './serve-operations.ts';
import { openServers } from './servers.ts';
import { retryPolicy, untilAvailable } from './until-available.ts';

const [secondMs, minuteMs, hourMs] = [1000, 60_000, 3_600_000];
/** How soon something that is due is looked for. */
const pauseMs = 500;
const measuresAgainMs = 10_000;
/** While feedback is young, windows move on every minute; after that, only silence is news. */
const looksAgainMs = { lively: minuteMs, still: 10 * minuteMs };
const livelyMs = 3 * hourMs;
/** After an evaluation a tenant rests for a multiple of what it took, so that a backlog does not use up the database. */
const rest = { times: 4, mostMs: minuteMs };

/**
 * Starts an alert worker: enriched records say what has changed, stored records say how much; what fires becomes alerts
 * in MongoDB, changes of alerts go to their topic and to the channels.
 *
 * @throws DependencyError when something it needs refuses, OutageError when it stays away, ConfigurationError for
 *   channels that are not valid
 */
export async function startAlertApp(settings: Settings, logger: Logger): Promise<RunningWorker> {
  const closing = new Closing();
  try {
    return await start(settings, logger, closing);
  } catch (error) {
    await closing.closeAll();
    throw error;
  }
}

async function start(settings: Settings, logger: Logger, closing: Closing): Promise<RunningWorker> {
  const [file, channels] = await Promise.all([loadAlertRules(), loadAlertChannels(settings)]);
  const metrics = createMetrics();
  const topics = topicNames(settings.KOE_TOPIC_PREFIX);
  let health = (): Health => ({ live: true, ready: false, detail: 'starting' });
  closing.add(await serveOperations(settings, () => health(), metrics), (server) => server.close());
  const servers = closing.add(await openServers(settings), (opened) => opened.close());
  const connection = connectKafka(servers.kafka, logger);
  await untilAvailable(() => createTopics(connection, topics, settings), retryPolicy(settings), logger);
  const database = closing.add(
    await untilAvailable(() => openDatabase(servers.database), retryPolicy(settings), logger),
    (opened) => opened.close(),
  );
  const producer = closing.add(createProducer(connection), (opened) => opened.close());
  const group = { connection, groupId: settings.KOE_ALERT_GROUP_ID, topics: [topics.enriched, topics.churn] };
  const lag = closing.add(startLagReporter({ ...group, metrics, logger }), (reporter) => reporter.stop());
  const zoneOffsetMs = settings.KOE_ALERT_UTC_OFFSET_MINUTES * minuteMs;
  const horizonMs = settings.KOE_ALERT_HORIZON_HOURS * hourMs;
  const evaluation = { file, findUsual: rememberUsual(), zoneOffsetMs, horizonMs };
  closing.add(startEvaluation(database, settings, evaluation, metrics, logger), (loop) => loop.stop());
  const delivery = {
    database,
    producer,
    topic: topics.alerts,
    channels,
    zoneOffsetMs,
    observer: alertMetrics(
      metrics,
      channels.map(({ kind }) => kind),
    ),
    now: Date.now,
    sending: {
      allowPrivate: settings.KOE_ALERT_ALLOW_PRIVATE,
      timeoutMs: settings.KOE_ALERT_TIMEOUT_MS,
      smtpUrl: settings.KOE_SMTP_URL,
    },
  };
  const announce = async () => (await announceChanges(delivery)) > 0;
  closing.add(startRepeating('announcing alerts', announce, { pauseMs, logger }), (loop) => loop.stop());
  for (const channel of channels) {
    const deliver = () => deliverNext(delivery, channel);
    closing.add(startRepeating(`delivering alerts to ${channel.id}`, deliver, { pauseMs, logger }), (loop) =>
      loop.stop(),
    );
  }
  const giveUp = () => giveUpNext(delivery);
  closing.add(startRepeating('giving up alerts', giveUp, { pauseMs, logger }), (loop) => loop.stop());
  const measure = async () => {
    metrics.alertEvaluationDelay.set((await evaluationDelay(database, Date.now())) / secondMs);
    metrics.alertDeliveriesPending.set(await countUntaken(database));
    return false;
  };
  const measuring = { pauseMs: measuresAgainMs, logger };
  closing.add(startRepeating('measuring alerts', measure, measuring), (loop) => loop.stop());
  const consumer = createConsumer({
    ...group,
    handle: createAlertMarker(database, topics.churn, Date.now),
    maxBatchMessages: settings.KOE_BATCH_MESSAGES,
    deadLetters: {
      topic: topics.deadLetters,
      producer,
      limit: { count: settings.KOE_DEAD_LETTER_LIMIT, windowMs: settings.KOE_DEAD_LETTER_WINDOW_SECONDS * secondMs },
    },
    retry: retryPolicy(settings),
    drainMs: settings.KOE_DRAIN_SECONDS * secondMs,
    observer: consumerMetrics(metrics, lag),
    logger,
  });
  health = () => consumer.health();
  const ended = consumer.run().finally(async () => {
    for (const fault of await closing.closeAll()) logger.warn({ err: fault }, 'not everything could be closed');
  });
  logger.info({ topics: group.topics, channels: channels.map(({ id }) => id) }, 'alert worker started');
  return {
    ended,
    stop: async () => {
      health = () => ({ live: true, ready: false, detail: 'stopping' });
      await consumer.stop();
      await ended;
    },
  };
}

/** Evaluates tenants as they come due. */
function startEvaluation(
  database: Database,
  settings: Settings,
  evaluation: EvaluationSettings,
  metrics: Metrics,
  logger: Logger,
) {
  const holder = randomUUID();
  const patience = {
    latenessMs: settings.KOE_ALERT_LATENESS_SECONDS * secondMs,
    idleMs: settings.KOE_ALERT_IDLE_SECONDS * secondMs,
  };
  const round = async () => {
    const now = Date.now();
    const claim = await claimTenant(database, holder, patience, now);
    if (claim === undefined) return false;
    const end = metrics.alertEvaluationSeconds.startTimer();
    const isDone = await evaluateTenant(database, claim, evaluation, now).catch((error: unknown) => {
      metrics.alertEvaluationFailures.inc();
      throw error;
    });
    end();
    const isBehind = claim.through < now - patience.latenessMs - minuteMs;
    const isLively = claim.newest > claim.through - livelyMs;
    const again = isBehind ? patience.idleMs : isLively ? looksAgainMs.lively : looksAgainMs.still;
    const restMs = Math.min(rest.times * (Date.now() - now), rest.mostMs);
    if (isDone) await claim.settle(new Date(Date.now() + again), new Date(Date.now() + restMs));
    else await claim.release();
    return true;
  };
  return startRepeating('evaluating alerts', round, { pauseMs, logger });
}

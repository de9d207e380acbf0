import { setTimeout as sleep } from 'node:timers/promises';
import { createTopics } from '../../src/app/create-topics.ts';
import { customerNames } from '../../src/app/customer-names.ts';
import { pipelineMetrics } from '../../src/app/metrics-observers.ts';
import { openAnalyzer } from '../../src/app/open-analyzer.ts';
import { type RunningWorker, runProcess } from '../../src/app/process.ts';
import { createRecordPublisher } from '../../src/app/record-publisher.ts';
import { startRollupRefresher } from '../../src/app/rollup-refresher.ts';
import { openServers } from '../../src/app/servers.ts';
import { retryPolicy, untilAvailable } from '../../src/app/until-available.ts';
import type { Settings } from '../../src/config/settings.ts';
import type { RecordStore } from '../../src/domain/record-store.ts';
import { topicNames } from '../../src/domain/topics.ts';
import { connectKafka } from '../../src/kafka/connection.ts';
import { createConsumer } from '../../src/kafka/consumer.ts';
import { createProducer } from '../../src/kafka/producer.ts';
import { createEnricher } from '../../src/pipeline/enricher.ts';
import { createPipeline } from '../../src/pipeline/pipeline.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { createRecordStore } from '../../src/store/records.ts';
import { createTurnStore } from '../../src/store/turns.ts';
import type { Logger } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createMasker } from '../../src/text/personal-data/masker.ts';
import { loadPersonNames } from '../../src/text/personal-data/person-names.ts';
import { countingStore } from './counting-store.ts';

// An enrich worker with a fault built in, for the test of the chaos suite: FAULT is `commit-first` or `count-up`.
const [fault] = process.argv.slice(2);
await runProcess('koe-enrich', process.env, start);

async function start(settings: Settings, logger: Logger): Promise<RunningWorker> {
  const metrics = createMetrics();
  const topics = topicNames(settings.KOE_TOPIC_PREFIX);
  const servers = await openServers(settings);
  const connection = connectKafka(servers.kafka, logger);
  const retry = retryPolicy(settings);
  await untilAvailable(() => createTopics(connection, topics, settings), retry, logger);
  const database = await untilAvailable(() => openDatabase(servers.database), retry, logger);
  const producer = createProducer(connection);
  const analyzer = await openAnalyzer(settings);
  if (fault !== 'count-up') startRollupRefresher(database, metrics, logger);
  const consumer = createConsumer({
    connection,
    groupId: settings.KOE_GROUP_ID,
    topics: Object.values(topics.feedback),
    handle: createPipeline({
      topics,
      maxMessageBytes: settings.KOE_MAX_MESSAGE_BYTES,
      maxTextLength: settings.KOE_MAX_TEXT_LENGTH,
      strictFields: settings.KOE_STRICT_FIELDS,
      enrich: createEnricher({
        analyzer,
        masker: createMasker(await loadPersonNames()),
        pseudonymize: customerNames(settings),
      }),
      store: fault === 'count-up' ? countingStore(database) : commitFirstStore(database),
      publisher: createRecordPublisher(producer, topics.enriched),
      turns: createTurnStore(database),
      observer: pipelineMetrics(metrics),
      now: Date.now,
    }),
    deadLetters: { topic: topics.deadLetters, producer, limit: { count: 1_000_000, windowMs: 60_000 } },
    retry,
    logger,
  });
  return { ended: consumer.run(), stop: () => consumer.stop() };
}

/** Says that records are stored and stores them afterwards, so that their offsets are committed first. */
function commitFirstStore(database: Database): RecordStore {
  const store = createRecordStore(database);
  let work = Promise.resolve();
  return {
    async save(records) {
      work = work.then(async () => {
        while (
          !(await store.save(records).then(
            () => true,
            () => false,
          ))
        )
          await sleep(100);
      });
      return records.map(() => 'created');
    },
  };
}

import type { Settings } from '../config/settings.ts';
import type { TopicNames } from '../domain/topics.ts';
import type { Tracer } from '../domain/tracing.ts';
import type { MessageProducer } from '../kafka/producer.ts';
import { createCustomerEventHandler } from '../pipeline/customer-events.ts';
import { createEnricher } from '../pipeline/enricher.ts';
import { createPipeline, type PipelineObserver } from '../pipeline/pipeline.ts';
import type { Pseudonymizer } from '../pipeline/pseudonym.ts';
import type { Closing } from '../runtime/closing.ts';
import { createCustomerEventStore } from '../store/customer-events.ts';
import type { Database } from '../store/database.ts';
import { createRecordStore } from '../store/records.ts';
import { createTurnStore } from '../store/turns.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createMasker } from '../text/personal-data/masker.ts';
import { loadPersonNames } from '../text/personal-data/person-names.ts';
import { openAnalyzer } from './open-analyzer.ts';
import { openRecordPublisher } from './record-publisher.ts';
import { watchTenantDictionaries } from './tenant-dictionaries.ts';
import { openTriagePolicy } from './triage-policy.ts';
import { retryPolicy, untilAvailable } from './until-available.ts';

/** What a pipeline is connected to. */
export interface PipelineParts {
  readonly topics: TopicNames;
  readonly database: Database;
  readonly producer: MessageProducer;
  readonly pseudonymize: Pseudonymizer;
  readonly observer: PipelineObserver;
  readonly tracer?: Tracer;
  readonly logger: Logger;
  /** Ends the analysis processes that are started. */
  readonly closing: Closing;
}

/** Handles messages of one partition, raw feedback or customer events. */
export type Pipeline = ReturnType<typeof createPipeline>;

/** The pipeline that the settings describe, with its analysis processes started: the same for worker and replay. */
export async function openPipeline(settings: Settings, parts: PipelineParts): Promise<Pipeline> {
  const { topics, database, producer, pseudonymize, observer, tracer, logger, closing } = parts;
  const publisher = await openRecordPublisher(settings, producer, topics, logger);
  const analyzer = closing.add(await openAnalyzer(settings), (opened) => opened.close());
  if (analyzer.versions.model === 'none' && settings.KOE_MODEL !== 'none') {
    logger.warn(
      { model: settings.KOE_MODEL },
      'no model there: sentiment comes from the lexicon, records say model: none',
    );
  }
  const dictionaries = closing.add(
    await untilAvailable(() => watchTenantDictionaries(database, logger), retryPolicy(settings), logger),
    (watched) => watched.stop(),
  );
  const masker = createMasker(await loadPersonNames());
  const reading = { maxMessageBytes: settings.KOE_MAX_MESSAGE_BYTES, strictFields: settings.KOE_STRICT_FIELDS };
  const enrich = createPipeline({
    ...reading,
    topics,
    maxTextLength: settings.KOE_MAX_TEXT_LENGTH,
    enrich: createEnricher({
      analyzer,
      masker,
      pseudonymize,
      competitors: openTriagePolicy(settings).competitors,
      dictionaryOf: (tenant) => dictionaries.of(tenant),
    }),
    store: createRecordStore(database),
    turns: createTurnStore(database),
    publisher,
    observer,
    ...(tracer !== undefined && { tracer }),
    now: Date.now,
  });
  const keep = createCustomerEventHandler({
    ...reading,
    masker,
    pseudonymize,
    store: createCustomerEventStore(database),
    observer,
    now: Date.now,
  });
  // The messages of one call are of one partition, so of one topic.
  return (messages) => (messages[0]?.topic === topics.customerEvents ? keep(messages) : enrich(messages));
}

import type { Settings } from '../config/settings.ts';
import type { RecordPublisher } from '../domain/record-store.ts';
import type { TopicNames } from '../domain/topics.ts';
import { wrapForRegistry } from '../domain/wire-format.ts';
import type { MessageProducer } from '../kafka/producer.ts';
import { recordKey } from '../store/documents.ts';
import type { Logger } from '../telemetry/logger.ts';
import { registerSchemas } from './register-schemas.ts';
import { sendWhatFits } from './send-what-fits.ts';

/**
 * The publisher that the settings describe; registers the schema of what it publishes first.
 *
 * @throws DependencyError or OutageError when the schema registry refuses or stays away
 */
export async function openRecordPublisher(
  settings: Settings,
  producer: MessageProducer,
  topics: TopicNames,
  logger: Logger,
): Promise<RecordPublisher> {
  const schemaId = await registerSchemas(settings, topics, logger);
  return createRecordPublisher(
    producer,
    topics.enriched,
    settings.KOE_SCHEMA_REGISTRY_WIRE_FORMAT ? schemaId : undefined,
  );
}

/**
 * Publishes records as JSON under tenant and id, so that the latest of each survives compaction.
 *
 * @param schemaId begins each value, in the wire format of schema registries
 */
export function createRecordPublisher(producer: MessageProducer, topic: string, schemaId?: number): RecordPublisher {
  const encode = (json: string) => (schemaId === undefined ? json : wrapForRegistry(json, schemaId));
  return {
    publish: async (records, headers = []) => {
      const messages = records.map((record, index) => ({
        topic,
        key: recordKey(record),
        value: encode(JSON.stringify(record)),
        headers: headers[index] ?? {},
      }));
      const refused = await sendWhatFits(producer, messages);
      return refused.flatMap((at) => records[at] ?? []);
    },
  };
}

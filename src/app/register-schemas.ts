import type { Settings } from '../config/settings.ts';
import { feedbackSchema } from '../domain/feedback.ts';
import { jsonSchemaOf } from '../domain/json-schema.ts';
import { recordSchema } from '../domain/record.ts';
import type { TopicNames } from '../domain/topics.ts';
import { createSchemaRegistry } from '../kafka/schema-registry.ts';
import type { Logger } from '../telemetry/logger.ts';
import { retryPolicy, untilAvailable } from './until-available.ts';

/** The subject of a topic's values, by the default naming of Confluent's serializers (TopicNameStrategy). */
const subjectOf = (topic: string) => `${topic}-value`;

/**
 * Registers the schema of enriched records, and warns where producers have registered a schema of raw feedback whose
 * messages koe may not be able to read. Those schemas are the producers'; each message has its own fate all the same.
 *
 * @returns the id of the enriched record's schema; undefined without a schema registry
 * @throws DependencyError permanent when the registry refuses; OutageError when it stays away
 */
export async function registerSchemas(
  settings: Settings,
  topics: TopicNames,
  logger: Logger,
): Promise<number | undefined> {
  const { KOE_SCHEMA_REGISTRY_USERNAME: username, KOE_SCHEMA_REGISTRY_PASSWORD: password } = settings;
  const url = settings.KOE_SCHEMA_REGISTRY_URL;
  if (url === undefined) return undefined;
  const credentials = username !== undefined && password !== undefined ? { credentials: { username, password } } : {};
  const registry = createSchemaRegistry({ url, ...credentials });
  const available = <T>(work: () => Promise<T>) => untilAvailable(work, retryPolicy(settings), logger);

  for (const topic of Object.values(topics.feedback)) {
    const subject = subjectOf(topic);
    const objections = await available(() => registry.objections(subject, jsonSchemaOf(feedbackSchema, '7')));
    if (objections === undefined || objections.length === 0) continue;
    logger.warn(
      { subject, objections },
      'producers have registered a schema whose messages koe may not be able to read; compare it with feedback.v1',
    );
  }
  const subject = subjectOf(topics.enriched);
  const schemaId = await available(() => registry.register(subject, jsonSchemaOf(recordSchema, '7')));
  logger.info({ subject, schemaId }, 'the schema of enriched records is registered');
  return schemaId;
}

import type { AnalyzedText, Versions } from '../domain/analysis.ts';
import type { EnrichedRecord } from '../domain/record.ts';
import type { MaskedFeedback } from './mask.ts';
import type { Pseudonymizer } from './pseudonym.ts';
import { type Competitors, flagsOfRecord } from './record-flags.ts';

/** Where feedback came in: the time and, through Kafka, the place. */
export interface Origin {
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly topic?: string;
  readonly partition?: number;
  readonly offset?: string;
}

/** Puts together the enriched record; times become RFC 3339 in UTC with milliseconds. */
export function buildRecord(
  { feedback, personalData }: MaskedFeedback,
  { analysis, truncated }: AnalyzedText,
  origin: Origin,
  versions: Versions,
  pseudonymize: Pseudonymizer,
  competitors: Competitors = {},
): EnrichedRecord {
  const { receivedAt, ...place } = origin;
  const known = { ...feedback, receivedAt: new Date(receivedAt).toISOString() };
  return {
    id: feedback.id,
    tenant: feedback.tenant,
    revision: feedback.revision ?? 0,
    channel: feedback.channel,
    occurredAt: new Date(feedback.occurredAt).toISOString(),
    receivedAt: known.receivedAt,
    ...(feedback.customerId !== undefined && { customer: pseudonymize(feedback.tenant, feedback.customerId) }),
    ...(feedback.title !== undefined && { title: feedback.title }),
    text: feedback.text,
    ...analysis,
    flags: flagsOfRecord(known, analysis, competitors),
    personalData: { ...personalData },
    ...(feedback.rating !== undefined && { rating: feedback.rating }),
    ...(feedback.survey !== undefined && { survey: feedback.survey }),
    ...(feedback.conversation !== undefined && { conversation: feedback.conversation }),
    ...(feedback.attributes !== undefined && { attributes: feedback.attributes }),
    ...(feedback.source !== undefined && { source: feedback.source }),
    provenance: { ...versions, ...place, truncated },
  };
}

/** The record as it would be if its text, masked as it is stored, had been analysed like this. */
export function reanalyzedRecord(
  record: EnrichedRecord,
  { analysis, truncated }: AnalyzedText,
  versions: Versions,
  competitors: Competitors = {},
): EnrichedRecord {
  const { status, statusReason, language, sentiment, topics, intents, emotion, flags, sentences, ...kept } = record;
  const raised = flagsOfRecord(record, analysis, competitors);
  return { ...kept, ...analysis, flags: raised, provenance: { ...record.provenance, ...versions, truncated } };
}

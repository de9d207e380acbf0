import type { TopicMention } from '../../src/domain/analysis.ts';
import type { EnrichedRecord } from '../../src/domain/record.ts';

/** An enriched record, with changes. */
export function enrichedRecord(changes: Partial<EnrichedRecord> = {}): EnrichedRecord {
  return {
    id: 'review-1',
    tenant: 'shop',
    revision: 0,
    channel: 'review',
    occurredAt: '2026-11-01T01:10:00.000Z',
    receivedAt: '2026-11-01T02:00:00.000Z',
    text: '電池がすぐ切れます。',
    status: 'analyzed',
    language: { code: 'ja', confidence: 1 },
    sentiment: { label: 'negative', score: -0.5, confidence: 0.9 },
    topics: [topic('quality', 'negative')],
    intents: [],
    flags: [],
    opinions: [],
    sentences: [],
    personalData: {},
    provenance: { model: 'none', taxonomy: '1', lexicon: '1', dictionary: 'd', pipeline: '0', truncated: false },
    ...changes,
  };
}

/** A topic spoken of in some way. */
export function topic(id: TopicMention['id'], polarity: TopicMention['polarity']): TopicMention {
  return { id, polarity, confidence: 0.9, by: 'model', spans: [] };
}

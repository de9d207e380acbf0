import type { TopicId } from '../domain/labels.ts';
import type { EnrichedRecord } from '../domain/record.ts';

/** A customer's own sentence as evidence for a pain point. */
export interface Verbatim {
  readonly id: string;
  readonly occurredAt: string;
  readonly sentence: string;
}

/** Sentences shorter than this rarely say what is wrong; longer ones do not fit a table. UTF-16 code units. */
const readable = { min: 8, max: 60 };

/**
 * The sentence that criticises a topic most clearly: of readable length first, then by the confidence of topic and
 * sentiment together.
 */
export function pickVerbatim(
  records: readonly Pick<EnrichedRecord, 'id' | 'occurredAt' | 'text' | 'sentences'>[],
  topic: TopicId,
): Verbatim | undefined {
  const candidates = records.flatMap((record) =>
    record.sentences.flatMap((sentence) => {
      const mention = sentence.topics.find(({ id, polarity }) => id === topic && polarity === 'negative');
      if (mention === undefined) return [];
      const length = sentence.span.end - sentence.span.start;
      const fits = length >= readable.min && length <= readable.max;
      const clarity = mention.confidence * Math.max(0, -sentence.sentiment.score);
      return [{ record, sentence, fits, clarity }];
    }),
  );
  const best = candidates.sort((a, b) => Number(b.fits) - Number(a.fits) || b.clarity - a.clarity)[0];
  if (best === undefined) return undefined;
  const { record, sentence } = best;
  return {
    id: record.id,
    occurredAt: record.occurredAt,
    sentence: record.text.slice(sentence.span.start, sentence.span.end),
  };
}

import type { SentenceAnalysis } from '../domain/analysis.ts';
import type { Channel, TopicId } from '../domain/labels.ts';
import type { EnrichedRecord } from '../domain/record.ts';
import type { Span } from '../domain/span.ts';
import { takesStance } from './count-feedback.ts';
import type { Stance } from './feedback-counts.ts';

/** A customer's own sentence as evidence. */
export interface Verbatim {
  readonly id: string;
  readonly occurredAt: string;
  readonly channel: Channel;
  readonly sentence: string;
  /** The words that say it: ranges of the sentence in UTF-16 code units, half-open, in order, none overlapping. */
  readonly highlights: readonly Span[];
}

/** What of a record a verbatim is made of. */
export type QuotableRecord = Pick<EnrichedRecord, 'id' | 'occurredAt' | 'channel' | 'text' | 'sentences' | 'opinions'>;

/** Sentences shorter than this rarely say what is wrong; longer ones do not fit a table. UTF-16 code units. */
const readable = { min: 8, max: 60 };

/** Sentences that share more of their pairs of characters than this say the same. */
const alike = 0.4;

interface Candidate {
  readonly record: QuotableRecord;
  readonly span: Span;
  readonly sentence: string;
  readonly fits: boolean;
  readonly clarity: number;
}

/**
 * The sentences that take a stance on a topic most clearly, at most `limit`, one of a record and no two alike: of
 * readable length first, then by the confidence of topic and sentiment together.
 */
export function pickVerbatims(
  records: readonly QuotableRecord[],
  topic: TopicId,
  stance: Stance,
  limit: number,
): Verbatim[] {
  const candidates = records.flatMap((record) =>
    record.sentences.flatMap((sentence): Candidate[] => {
      if (!takesStance(sentence, topic, stance)) return [];
      const length = sentence.span.end - sentence.span.start;
      const fits = length >= readable.min && length <= readable.max;
      const quoted = record.text.slice(sentence.span.start, sentence.span.end);
      return [{ record, span: sentence.span, sentence: quoted, fits, clarity: clarityOf(sentence, topic, stance) }];
    }),
  );
  const ranked = candidates.sort((a, b) => Number(b.fits) - Number(a.fits) || b.clarity - a.clarity);
  const picked: Candidate[] = [];
  for (const candidate of ranked) {
    if (picked.length === limit) break;
    const isNew = picked.every(
      ({ record, sentence }) => record !== candidate.record && likeness(sentence, candidate.sentence) <= alike,
    );
    if (isNew) picked.push(candidate);
  }
  return picked.map(({ record, span, sentence }) => ({
    id: record.id,
    occurredAt: record.occurredAt,
    channel: record.channel,
    sentence,
    highlights: highlightsIn(record, span, topic),
  }));
}

function clarityOf({ topics, intents, sentiment }: SentenceAnalysis, topic: TopicId, stance: Stance): number {
  const surest = Math.max(...topics.filter(({ id }) => id === topic).map(({ confidence }) => confidence));
  const asked = intents.find(({ id }) => id === 'request' || id === 'suggestion')?.confidence ?? 0;
  const strength = { criticism: -sentiment.score, praise: sentiment.score, request: asked }[stance];
  return surest * Math.max(0, strength);
}

/** The parts of the opinions in a sentence; where there are none, what the topic was read from, if it is less than all. */
function highlightsIn({ opinions, sentences }: QuotableRecord, { start, end }: Span, topic: TopicId): Span[] {
  const inside = (span: Span) => span.start >= start && span.end <= end && span.end - span.start < end - start;
  const judged = (opinions ?? []).flatMap(({ target, expression }) => [
    ...(target ? [target.span] : []),
    expression.span,
  ]);
  const named = sentences.flatMap(({ topics }) => topics.flatMap(({ id, spans }) => (id === topic ? spans : [])));
  const found = judged.some(inside) ? judged : named;
  const merged: { start: number; end: number }[] = [];
  for (const span of found.filter(inside).sort((one, other) => one.start - other.start)) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged.map((span) => ({ start: span.start - start, end: span.end - start }));
}

/** Share of neighbouring characters that two texts have in common: Jaccard's index of their bigrams. */
function likeness(one: string, other: string): number {
  const [first, second] = [bigrams(one), bigrams(other)];
  const shared = [...first].filter((pair) => second.has(pair)).length;
  const all = first.size + second.size - shared;
  return all === 0 ? 1 : shared / all;
}

function bigrams(text: string): Set<string> {
  const characters = [...text.replaceAll(/[\s。、！？!?]+/g, '')];
  return new Set(characters.slice(1).map((character, at) => `${characters[at]}${character}`));
}

import type { SentimentScore, TopicMention } from '../domain/analysis.ts';
import { emotionIds, flagIds, polarities, sentiments, topicIds } from '../domain/labels.ts';
import { mostProbable } from './most-probable.ts';
import type { PreparedSentence } from './prepared-text.ts';
import { rounded } from './rounded.ts';
import type { ReadSentence } from './sentence-by-rules.ts';
import type { SentenceScores, Thresholds } from './sentence-scores.ts';
import type { Taxonomy } from './taxonomy.ts';
import { spanOf } from './token-span.ts';
import { findTopicKeywords } from './topic-keywords.ts';

/**
 * What the model says of a sentence, with the words that name each topic from the taxonomy. What the model does not
 * judge is read by rules.
 *
 * @param byRules what the rules say of the sentence
 */
export function readByModel(
  sentence: PreparedSentence,
  { sentiment, topics, polarities, emotion, flags }: SentenceScores,
  thresholds: Thresholds,
  taxonomy: Taxonomy,
  byRules: () => ReadSentence,
): ReadSentence {
  const spans = [sentence.span];
  const felt = emotion && mostProbable(['none', ...emotionIds] as const, emotion);
  return {
    span: sentence.span,
    sentiment: sentiment ? readSentiment(sentiment) : byRules().sentiment,
    topics:
      topics && polarities
        ? readTopics(sentence, { topics, polarities }, thresholds.topics, taxonomy)
        : byRules().topics,
    ...(emotion && felt && felt !== 'none' && { emotion: { id: felt, confidence: rounded(emotion[felt]) } }),
    flags: flags
      ? flagIds
          .filter((id) => flags[id] >= thresholds.flags[id])
          .map((id) => ({ id, confidence: rounded(flags[id]), spans }))
      : byRules().flags,
  };
}

function readSentiment(sentiment: NonNullable<SentenceScores['sentiment']>): SentimentScore {
  const label = mostProbable(sentiments, sentiment);
  return { label, score: rounded(sentiment.positive - sentiment.negative), confidence: rounded(sentiment[label]) };
}

function readTopics(
  sentence: PreparedSentence,
  { topics, polarities: byTopic }: Required<Pick<SentenceScores, 'topics' | 'polarities'>>,
  thresholds: Thresholds['topics'],
  taxonomy: Taxonomy,
): TopicMention[] {
  const stated = topicIds.filter((id) => topics[id] >= thresholds[id]);
  if (stated.length === 0) return [];
  const keywords = findTopicKeywords(sentence.tokens, taxonomy);
  return stated.map((id) => {
    const named = keywords.filter((keyword) => keyword.id === id);
    return {
      id,
      polarity: mostProbable(polarities, byTopic[id]),
      confidence: rounded(topics[id]),
      by: 'model',
      spans: named.length > 0 ? named.map(({ first, end }) => spanOf(sentence.tokens, first, end)) : [sentence.span],
    };
  });
}

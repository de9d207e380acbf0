import type { SentenceAnalysis, SentimentScore, TopicMention } from '../domain/analysis.ts';
import { emotionIds, flagIds, intentIds, polarities, sentiments, topicIds } from '../domain/labels.ts';
import type { PreparedSentence } from './prepared-text.ts';
import { rounded } from './rounded.ts';
import type { SentenceScores } from './sentence-scores.ts';
import type { Taxonomy } from './taxonomy.ts';
import { spanOf } from './token-span.ts';
import { findTopicKeywords } from './topic-keywords.ts';

/** Probability from which on a topic, intent or flag is stated. */
const present = 0.5;

/** What the model says of a sentence, with the words that name each topic from the taxonomy. */
export function readByModel(sentence: PreparedSentence, scores: SentenceScores, taxonomy: Taxonomy): SentenceAnalysis {
  const spans = [sentence.span];
  const emotion = mostProbable(['none', ...emotionIds] as const, scores.emotion);
  return {
    span: sentence.span,
    sentiment: readSentiment(scores),
    topics: readTopics(sentence, scores, taxonomy),
    intents: intentIds
      .filter((id) => scores.intents[id] >= present)
      .map((id) => ({ id, confidence: rounded(scores.intents[id]), spans })),
    ...(emotion === 'none' ? {} : { emotion: { id: emotion, confidence: rounded(scores.emotion[emotion]) } }),
    flags: flagIds
      .filter((id) => scores.flags[id] >= present)
      .map((id) => ({ id, confidence: rounded(scores.flags[id]), spans })),
  };
}

function readSentiment({ sentiment }: SentenceScores): SentimentScore {
  const label = mostProbable(sentiments, sentiment);
  return { label, score: rounded(sentiment.positive - sentiment.negative), confidence: rounded(sentiment[label]) };
}

function readTopics(sentence: PreparedSentence, scores: SentenceScores, taxonomy: Taxonomy): TopicMention[] {
  const stated = topicIds.filter((id) => scores.topics[id] >= present);
  if (stated.length === 0) return [];
  const keywords = findTopicKeywords(sentence.tokens, taxonomy);
  return stated.map((id) => {
    const named = keywords.filter((keyword) => keyword.id === id);
    return {
      id,
      polarity: mostProbable(polarities, scores.polarities[id]),
      confidence: rounded(scores.topics[id]),
      by: 'model',
      spans: named.length > 0 ? named.map(({ first, end }) => spanOf(sentence.tokens, first, end)) : [sentence.span],
    };
  });
}

function mostProbable<T extends string>(ids: readonly [T, ...T[]], probabilities: Readonly<Record<T, number>>): T {
  return ids.reduce((best, id) => (probabilities[id] > probabilities[best] ? id : best));
}

import type { EmotionScore, FlagScore, IntentScore, SentenceAnalysis, TopicMention } from '../domain/analysis.ts';
import {
  emotionIds,
  flagIds,
  intentIds,
  type Polarity,
  polarities,
  type Sentiment,
  sentiments,
  topicIds,
} from '../domain/labels.ts';
import type { Span } from '../domain/span.ts';
import { mostProbable } from './most-probable.ts';
import { type RolledUp, rollUp, surestFirst } from './roll-up.ts';
import { rounded } from './rounded.ts';
import type { SentenceScores, TextScores } from './sentence-scores.ts';
import { union } from './union.ts';

/**
 * Puts the sentences of a text together by pooling what the model says of them one by one and of the passages they form:
 * a weighted mean of probabilities (linear opinion pool: M. Stone 1961, "The Opinion Pool"). Passages tell the verdict,
 * sentences the details. What the model does not judge is put together from the sentences alone.
 *
 * @param sentences analyses of the sentences, at least one
 * @param scores of the same sentences and of the passages
 */
export function rollUpByModel(sentences: readonly SentenceAnalysis[], scores: TextScores): RolledUp {
  const alone = rollUp(sentences);
  if (scores.passages.length === 0) return alone;
  const { emotion: aloneEmotion, ...rest } = alone;
  const emotion = scores.passages[0]?.emotion === undefined ? aloneEmotion : poolEmotion(scores);
  return {
    ...rest,
    ...(emotion && { emotion }),
    sentiment: poolSentiment(sentences, scores) ?? alone.sentiment,
    topics: poolTopics(sentences, scores) ?? alone.topics,
    intents: poolIntents(sentences, scores) ?? alone.intents,
    flags: poolFlags(sentences, scores) ?? alone.flags,
  };
}

/** A question that judges nothing is this likely to be one, and to be neutral. */
const mereQuestion = { question: 0.5, neutral: 0.8 };
/** What is said beside questions counts alone from this on. */
const surely = 0.9;

function poolSentiment(sentences: readonly SentenceAnalysis[], scores: TextScores): RolledUp['sentiment'] | undefined {
  const { passages: share, last, sharpness } = scores.decision.rollUp.sentiment;
  const single = scores.sentences.flatMap(({ sentiment }) => sentiment ?? []);
  const joint = scores.passages.flatMap(({ sentiment }) => sentiment ?? []);
  if (single.length !== sentences.length) return undefined;
  const lengths = sentences.map(({ span }) => Math.sqrt(span.end - span.start));
  const bySentence = lengths.map((weight, index) => (index === sentences.length - 1 ? weight * last : weight));
  const byPassage = joint.map((_, index) => (index === joint.length - 1 ? last : 1));
  const pooled = shares((id) => {
    const pool = share * mean(joint, byPassage, id) + (1 - share) * mean(single, bySentence, id);
    return pool ** sharpness;
  });
  // A passage that ends in a question is easily read as neutral or mixed; the praise or blame in front of it stands.
  const told = single.filter((_, index) => !isMereQuestion(scores.sentences[index]));
  if (told.length === 0 || told.length === single.length) return verdict(pooled);
  const equal = told.map(() => 1);
  const beside = shares((id) => mean(told, equal, id));
  const isSure = sentiments.some((id) => id !== 'neutral' && beside[id] >= surely);
  return verdict(isSure ? beside : pooled);
}

function isMereQuestion(score: SentenceScores | undefined): boolean {
  const { question = 0 } = score?.intents ?? {};
  return question >= mereQuestion.question && (score?.sentiment?.neutral ?? 0) >= mereQuestion.neutral;
}

function shares(shareOf: (id: Sentiment) => number): Record<Sentiment, number> {
  return Object.fromEntries(sentiments.map((id) => [id, shareOf(id)])) as Record<Sentiment, number>;
}

function verdict(pooled: Readonly<Record<Sentiment, number>>): RolledUp['sentiment'] {
  const sum = sentiments.reduce((total, id) => total + pooled[id], 0);
  const label = mostProbable(sentiments, pooled);
  return {
    label,
    score: rounded((pooled.positive - pooled.negative) / sum),
    confidence: rounded(pooled[label] / sum),
  };
}

function mean<Id extends string>(rows: readonly Readonly<Record<Id, number>>[], weights: readonly number[], id: Id) {
  let sum = 0;
  let total = 0;
  for (const [index, row] of rows.entries()) {
    sum += row[id] * (weights[index] ?? 0);
    total += weights[index] ?? 0;
  }
  return sum / total;
}

function poolTopics(sentences: readonly SentenceAnalysis[], scores: TextScores): TopicMention[] | undefined {
  const { thresholds, rollUp } = scores.decision;
  const { passages: share, bothFrom } = rollUp.topics;
  if (scores.sentences.some(({ topics }) => topics === undefined)) return undefined;
  const mentions = topicIds.flatMap((id): TopicMention[] => {
    const presence = pool(scores, share, (score) => score.topics?.[id]);
    if (presence < thresholds.topics[id]) return [];
    const strength = (polarity: Polarity) =>
      pool(scores, share, (score) => (score.topics?.[id] ?? 0) * (score.polarities?.[id][polarity] ?? 0));
    const strengths = { positive: strength('positive'), negative: strength('negative'), neutral: strength('neutral') };
    const strongest = mostProbable(polarities, strengths);
    const opposite = strongest === 'positive' ? 'negative' : 'positive';
    const both = strongest !== 'neutral' && strengths[opposite] >= bothFrom * strengths[strongest];
    const stated: Polarity[] = both ? [strongest, opposite] : [strongest];
    return stated.map((polarity) => ({
      id,
      polarity,
      confidence: rounded(presence),
      by: 'model',
      spans: topicSpans(sentences, scores, id, polarity),
    }));
  });
  return surestFirst(mentions);
}

/** The words that sentences name with this polarity; else with any; else the sentence that is likeliest about it. */
function topicSpans(
  sentences: readonly SentenceAnalysis[],
  scores: TextScores,
  id: TopicMention['id'],
  polarity: Polarity,
): Span[] {
  const mentions = sentences.flatMap(({ topics }) => topics.filter((topic) => topic.id === id));
  const same = mentions.filter((mention) => mention.polarity === polarity);
  const spans = union((same.length > 0 ? same : mentions).flatMap((mention) => mention.spans));
  return spans.length > 0 ? spans : likeliest(sentences, scores, (score) => score.topics?.[id]);
}

function poolIntents(sentences: readonly SentenceAnalysis[], scores: TextScores): IntentScore[] | undefined {
  if (scores.sentences.some(({ intents }) => intents === undefined)) return undefined;
  const { thresholds, rollUp } = scores.decision;
  return poolEach(intentIds, sentences, scores, {
    share: rollUp.intents.passages,
    thresholds: thresholds.intents,
    probabilityOf: (score, id) => score.intents?.[id],
    spansOf: ({ intents }, id) => intents.find((intent) => intent.id === id)?.spans ?? [],
  });
}

function poolFlags(sentences: readonly SentenceAnalysis[], scores: TextScores): FlagScore[] | undefined {
  if (scores.sentences.some(({ flags }) => flags === undefined)) return undefined;
  const { thresholds, rollUp } = scores.decision;
  return poolEach(flagIds, sentences, scores, {
    share: rollUp.flags.passages,
    thresholds: thresholds.flags,
    probabilityOf: (score, id) => score.flags?.[id],
    spansOf: ({ flags }, id) => flags.find((flag) => flag.id === id)?.spans ?? [],
  });
}

interface Pooling<Id extends string> {
  readonly share: number;
  readonly thresholds: Readonly<Record<Id, number>>;
  probabilityOf(score: SentenceScores, id: Id): number | undefined;
  spansOf(sentence: SentenceAnalysis, id: Id): readonly Span[];
}

function poolEach<Id extends string>(
  ids: readonly Id[],
  sentences: readonly SentenceAnalysis[],
  scores: TextScores,
  { share, thresholds, probabilityOf, spansOf }: Pooling<Id>,
): { id: Id; confidence: number; spans: Span[] }[] {
  const stated = ids.flatMap((id) => {
    const probability = pool(scores, share, (score) => probabilityOf(score, id));
    if (probability < thresholds[id]) return [];
    const spans = union(sentences.flatMap((sentence) => spansOf(sentence, id)));
    const found = spans.length > 0 ? spans : likeliest(sentences, scores, (score) => probabilityOf(score, id));
    return [{ id, confidence: rounded(probability), spans: found }];
  });
  return surestFirst(stated);
}

function poolEmotion({ sentences, passages, decision }: TextScores): EmotionScore | undefined {
  const { passages: share } = decision.rollUp.emotion;
  const joint = passages.flatMap(({ emotion }) => emotion ?? []);
  const equal = joint.map(() => 1);
  const last = sentences.at(-1)?.emotion;
  const labels = ['none', ...emotionIds] as const;
  const pooled = Object.fromEntries(
    labels.map((id) => [id, share * mean(joint, equal, id) + (1 - share) * (last?.[id] ?? 0)]),
  ) as Record<(typeof labels)[number], number>;
  const id = mostProbable(labels, pooled);
  return id === 'none' ? undefined : { id, confidence: rounded(pooled[id]) };
}

/** The strongest passage and the strongest sentence, averaged. */
function pool(
  { passages, sentences }: TextScores,
  share: number,
  probabilityOf: (score: SentenceScores) => number | undefined,
): number {
  return share * highest(passages, probabilityOf) + (1 - share) * highest(sentences, probabilityOf);
}

function highest(rows: readonly SentenceScores[], probabilityOf: (score: SentenceScores) => number | undefined) {
  return rows.reduce((most, row) => Math.max(most, probabilityOf(row) ?? 0), 0);
}

function likeliest(
  sentences: readonly SentenceAnalysis[],
  scores: TextScores,
  probabilityOf: (score: SentenceScores) => number | undefined,
): Span[] {
  const most = highest(scores.sentences, probabilityOf);
  const index = scores.sentences.findIndex((score) => probabilityOf(score) === most);
  return sentences.slice(index, index + 1).map(({ span }) => span);
}

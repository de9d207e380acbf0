import type {
  EmotionScore,
  IntentScore,
  SentenceAnalysis,
  SentimentScore,
  TextAnalysis,
  TopicMention,
} from '../domain/analysis.ts';
import { mergeFlags } from './flags.ts';
import { rounded } from './rounded.ts';
import { union } from './union.ts';

/** The layers of a text that are made from those of its sentences. */
export type RolledUp = Pick<TextAnalysis, 'sentiment' | 'topics' | 'intents' | 'emotion' | 'flags'>;

/** Puts the analyses of a text's sentences (at least one) together into one of the whole text. */
export function rollUp(sentences: readonly SentenceAnalysis[]): RolledUp {
  const emotion = strongestEmotion(sentences);
  return {
    sentiment: rollUpSentiment(sentences),
    topics: mergeTopics(sentences.flatMap((sentence) => sentence.topics)),
    intents: mergeIntents(sentences.flatMap((sentence) => sentence.intents)),
    ...(emotion === undefined ? {} : { emotion }),
    flags: mergeFlags(sentences.flatMap((sentence) => sentence.flags)),
  };
}

// Chosen on 450 annotated texts of several sentences.
/** The verdict tends to stand at the end. */
const lastWeight = 1.25;
/** Mean strength below which a text as a whole says nothing good or bad. */
const neutralBelow = 0.1;
/** Share of the weaker side from which on a text is both. */
const mixedFrom = 0.42;

/**
 * Sentiment of a text: praise and complaint are summed apart over its sentences, longer ones and the last weighing
 * more, and squared, because a clear sentence says more than several faint ones. Neutral sentences hardly dilute: the
 * sides are compared with each other, not with the length of the text.
 */
export function rollUpSentiment(sentences: readonly SentenceAnalysis[]): SentimentScore {
  const [only] = sentences;
  if (only !== undefined && sentences.length === 1) return only.sentiment;
  let weights = 0;
  let positive = 0;
  let negative = 0;
  let sure = 0;
  for (const [index, { span, sentiment }] of sentences.entries()) {
    const weight = Math.sqrt(span.end - span.start) * (index === sentences.length - 1 ? lastWeight : 1);
    const [praise, complaint] = sidesOf(sentiment);
    weights += weight;
    positive += weight * praise ** 2;
    negative += weight * complaint ** 2;
    sure += weight * sentiment.confidence;
  }
  const strength = (positive + negative) / weights;
  const balance = positive + negative === 0 ? 0 : (positive - negative) / (positive + negative);
  const certainty = sure / weights;
  if (strength < neutralBelow) {
    return { label: 'neutral', score: rounded(balance * strength), confidence: rounded(certainty) };
  }
  const weaker = (1 - Math.abs(balance)) / 2;
  const score = rounded(balance * Math.min(1, strength * 2));
  if (weaker >= mixedFrom) return { label: 'mixed', score, confidence: rounded(certainty * (0.5 + weaker)) };
  return {
    label: balance > 0 ? 'positive' : 'negative',
    score,
    confidence: rounded(certainty * (0.5 + Math.abs(balance) / 2)),
  };
}

function sidesOf({ label, score, confidence }: SentimentScore): [praise: number, complaint: number] {
  if (label === 'mixed') return [confidence / 2 + Math.max(0, score) / 2, confidence / 2 + Math.max(0, -score) / 2];
  return [Math.max(0, score), Math.max(0, -score)];
}

/** One mention per topic and polarity: a topic both praised and criticised stays twice. */
function mergeTopics(mentions: readonly TopicMention[]): TopicMention[] {
  const groups = Object.values(groupedBy(mentions, ({ id, polarity }) => `${id} ${polarity}`));
  const merged = groups.map((same): TopicMention => {
    const [first] = same;
    const by = same.some((mention) => mention.by === 'model') ? 'model' : 'rule';
    return { ...first, by, confidence: highest(same), spans: union(same.flatMap(({ spans }) => spans)) };
  });
  return surestFirst(withoutRedundantNeutral(merged));
}

/** A bare mention says nothing beside a judgement of the same topic. */
function withoutRedundantNeutral(mentions: readonly TopicMention[]): TopicMention[] {
  const judged = new Set(mentions.filter((mention) => mention.polarity !== 'neutral').map((mention) => mention.id));
  return mentions.filter((mention) => mention.polarity !== 'neutral' || !judged.has(mention.id));
}

function mergeIntents(scores: readonly IntentScore[]): IntentScore[] {
  const merged = Object.values(groupedBy(scores, ({ id }) => id)).map((same): IntentScore => {
    const [first] = same;
    return { ...first, confidence: highest(same), spans: union(same.flatMap(({ spans }) => spans ?? [])) };
  });
  return surestFirst(merged);
}

type NonEmpty<T> = [T, ...T[]];

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, NonEmpty<T>> {
  const groups: Record<string, NonEmpty<T>> = {};
  for (const item of items) {
    const group = groups[keyOf(item)];
    if (group === undefined) groups[keyOf(item)] = [item];
    else group.push(item);
  }
  return groups;
}

function highest(scores: readonly { readonly confidence: number }[]): number {
  return scores.reduce((most, { confidence }) => Math.max(most, confidence), 0);
}

/** Labels by confidence, the surest first. */
export function surestFirst<T extends { readonly confidence: number }>(scores: readonly T[]): T[] {
  return [...scores].sort((a, b) => b.confidence - a.confidence);
}

function strongestEmotion(sentences: readonly SentenceAnalysis[]): EmotionScore | undefined {
  let strongest: EmotionScore | undefined;
  for (const { emotion } of sentences) {
    if (emotion !== undefined && emotion.confidence >= (strongest?.confidence ?? 0)) strongest = emotion;
  }
  return strongest;
}

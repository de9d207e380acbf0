import type { SentenceScores } from '../analysis/sentence-scores.ts';
import type { LabelMap } from './label-map.ts';

/**
 * Turns one row of logits into probabilities: softmax over sentiment, emotion and each topic's polarity, a sigmoid
 * for each topic, intent and flag.
 *
 * @param logits one sentence's logits, as wide as the label map says
 */
export function readHeads(logits: Float32Array, { heads }: LabelMap, truncated: boolean): SentenceScores {
  const { sentiment, topics, polarities, intents, emotion, flags } = heads;
  return {
    sentiment: softmax(logits, sentiment.first, sentiment.labels),
    topics: sigmoids(logits, topics.first, topics.labels),
    polarities: recordOf(topics.labels, (index) =>
      softmax(logits, polarities.first + index * polarities.labels.length, polarities.labels),
    ),
    intents: sigmoids(logits, intents.first, intents.labels),
    emotion: softmax(logits, emotion.first, emotion.labels),
    flags: sigmoids(logits, flags.first, flags.labels),
    truncated,
  };
}

function softmax<Id extends string>(logits: Float32Array, first: number, labels: readonly Id[]): Record<Id, number> {
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < labels.length; index++) highest = Math.max(highest, at(logits, first + index));
  let sum = 0;
  for (let index = 0; index < labels.length; index++) sum += Math.exp(at(logits, first + index) - highest);
  return recordOf(labels, (index) => Math.exp(at(logits, first + index) - highest) / sum);
}

function sigmoids<Id extends string>(logits: Float32Array, first: number, labels: readonly Id[]): Record<Id, number> {
  return recordOf(labels, (index) => 1 / (1 + Math.exp(-at(logits, first + index))));
}

/** The label map was checked against the width of the logits, so a hole here is a defect and must not pass as 0. */
function at(logits: Float32Array, column: number): number {
  return logits[column] ?? Number.NaN;
}

function recordOf<Id extends string, Value>(labels: readonly Id[], value: (index: number) => Value): Record<Id, Value> {
  const record: Partial<Record<Id, Value>> = {};
  for (const [index, label] of labels.entries()) record[label] = value(index);
  return record as Record<Id, Value>;
}

import type { SentenceScores } from '../analysis/sentence-scores.ts';
import { flagIds, intentIds, polarities, sentiments, topicIds } from '../domain/labels.ts';
import type { Calibration } from './calibration.ts';
import { columnsOf, emotionLabels, type LabelMap } from './label-map.ts';

/** Turns one sentence's logits into probabilities. */
export type HeadReader = (logits: Float32Array, truncated: boolean) => SentenceScores;

/**
 * Builds the reader of a model's heads: calibrated softmax over sentiment, emotion and each topic's polarity, a
 * calibrated sigmoid for each topic, intent and flag. Columns that stand for one label add up.
 */
export function createHeadReader({ heads }: LabelMap, calibration: Calibration): HeadReader {
  const { sentiment, topics, polarities: polarity, intents, emotion, flags } = heads;
  const temperatures = columnsOf(heads).map(({ name, first, columns }) => {
    return { first, end: first + columns, temperature: calibration.temperatures[name] ?? 1 };
  });

  return (raw, truncated) => {
    const logits = raw.slice();
    for (const { first, end, temperature } of temperatures) {
      for (let column = first; column < end; column++) logits[column] = at(logits, column) / temperature;
    }
    return {
      ...(sentiment && { sentiment: softmax(logits, sentiment.first, sentiment.labels, sentiments) }),
      ...(topics && { topics: sigmoids(logits, topics.first, topics.labels, topicIds) }),
      ...(topics && polarity && { polarities: polaritiesOf(logits, topics.labels, polarity) }),
      ...(intents && { intents: sigmoids(logits, intents.first, intents.labels, intentIds) }),
      ...(emotion && { emotion: softmax(logits, emotion.first, emotion.labels, emotionLabels) }),
      ...(flags && { flags: sigmoids(logits, flags.first, flags.labels, flagIds) }),
      truncated,
    };
  };
}

type TopicLabels = NonNullable<LabelMap['heads']['topics']>['labels'];
type PolarityHead = NonNullable<LabelMap['heads']['polarities']>;

function polaritiesOf(logits: Float32Array, topics: TopicLabels, { first, labels }: PolarityHead) {
  return recordOf(topicIds, (id) => {
    const group = topics.indexOf(id);
    if (group < 0) return { positive: 0, negative: 0, neutral: 1 };
    return softmax(logits, first + group * labels.length, labels, polarities);
  });
}

function softmax<Id extends string>(
  logits: Float32Array,
  first: number,
  labels: readonly (Id | null)[],
  ids: readonly Id[],
): Record<Id, number> {
  let highest = Number.NEGATIVE_INFINITY;
  for (const [index, label] of labels.entries()) {
    if (label !== null) highest = Math.max(highest, at(logits, first + index));
  }
  const weights = recordOf(ids, () => 0);
  let sum = 0;
  for (const [index, label] of labels.entries()) {
    if (label === null) continue;
    const weight = Math.exp(at(logits, first + index) - highest);
    weights[label] += weight;
    sum += weight;
  }
  for (const id of ids) weights[id] /= sum;
  return weights;
}

function sigmoids<Id extends string>(
  logits: Float32Array,
  first: number,
  labels: readonly Id[],
  ids: readonly Id[],
): Record<Id, number> {
  const probabilities = recordOf(ids, () => 0);
  for (const [index, label] of labels.entries()) {
    probabilities[label] = 1 / (1 + Math.exp(-at(logits, first + index)));
  }
  return probabilities;
}

/** The label map was checked against the width of the logits, so a hole here is a defect and must not pass as 0. */
function at(logits: Float32Array, column: number): number {
  return logits[column] ?? Number.NaN;
}

function recordOf<Id extends string, Value>(ids: readonly Id[], value: (id: Id) => Value): Record<Id, Value> {
  const record: Partial<Record<Id, Value>> = {};
  for (const id of ids) record[id] = value(id);
  return record as Record<Id, Value>;
}

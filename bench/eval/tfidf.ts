import type { LabelledText } from '../../src/domain/labelled-text.ts';
import {
  emotionIds,
  flagIds,
  intentIds,
  type Polarity,
  polarities,
  type Sentiment,
  sentiments,
  topicIds,
} from '../../src/domain/labels.ts';
import type { FoundLabels } from '../../src/insight/label-figures.ts';
import { type FeatureRows, fitLogistic } from '../../src/model/logistic-regression.ts';

// As scikit-learn's TfidfVectorizer and LogisticRegression are usually set for Japanese.
const longestGram = 4;
const leastDocuments = 2;
const lossWeight = 4;
const iterations = 40;
const emotionLabels = [...emotionIds, 'none'] as const;

/**
 * Trains the usual baseline: TF-IDF of character 1- to 4-grams (sublinear, rows of length 1) and class-balanced logistic
 * regressions, one softmax each for sentiment and emotion, one sigmoid for each topic, intent and flag. A topic's polarity
 * is the text's sentiment. Deterministic.
 *
 * @returns what it finds in a text
 */
export function trainTfidf(texts: readonly LabelledText[]): (text: string) => FoundLabels {
  const vocabulary = buildVocabulary(texts.map(({ text }) => text));
  const rows = texts.map(({ text }) => vocabulary.vectorOf(text));
  const sentiment = oneOf(sentiments, ({ sentiment }) => sentiment);
  const emotion = oneOf(emotionLabels, ({ emotion }) => emotion);
  const topics = eachOf(topicIds, ({ topics }) => topics?.map(({ id }) => id));
  const intents = eachOf(intentIds, ({ intents }) => intents);
  const flags = eachOf(flagIds, ({ flags }) => flags);

  return (text) => {
    const row = vocabulary.vectorOf(text);
    const verdict = sentiment(row);
    const felt = emotion(row);
    return {
      sentiment: { label: verdict.label, score: 0, confidence: verdict.probability },
      topics: topics(row).map(({ id, confidence }) => {
        return { id, polarity: polarityOf(verdict.probabilities), confidence, by: 'model', spans: [] };
      }),
      intents: intents(row),
      ...(felt.label !== 'none' && { emotion: { id: felt.label, confidence: felt.probability } }),
      flags: flags(row),
    };
  };

  function oneOf<Id extends string>(ids: readonly Id[], labelOf: (labels: LabelledText['labels']) => Id | undefined) {
    const truth = texts.map(({ labels }) => ids.indexOf(labelOf(labels) as Id));
    const counts = ids.map((_, index) => truth.filter((label) => label === index).length);
    const rowWeights = truth.map((label) => (label < 0 ? 0 : texts.length / (ids.length * (counts[label] ?? 1))));
    const weights = fitLogistic({
      rows: sparseRows(rows, vocabulary.size),
      columns: ids.length,
      truth: truth.map((label) => Math.max(0, label)),
      rowWeights,
      penalty: 1 / lossWeight,
      biasPenalty: 1e-6,
      iterations,
    });
    return (row: SparseRow) => {
      const exponents = ids.map((_, index) =>
        Math.exp(logit(row, weights, index * (vocabulary.size + 1), vocabulary.size)),
      );
      const sum = exponents.reduce((total, value) => total + value, 0);
      const best = exponents.indexOf(Math.max(...exponents));
      const probabilities = Object.fromEntries(ids.map((id, index) => [id, (exponents[index] ?? 0) / sum])) as Record<
        Id,
        number
      >;
      const label = ids[best] as Id;
      return { label, probability: probabilities[label], probabilities };
    };
  }

  function eachOf<Id extends string>(
    ids: readonly Id[],
    labelsOf: (labels: LabelledText['labels']) => readonly Id[] | undefined,
  ) {
    const fitted = ids.flatMap((id) => {
      const truth = texts.map(({ labels }) => (labelsOf(labels)?.includes(id) ? 1 : 0));
      const positive = truth.filter((label) => label === 1).length;
      if (positive < 3) return [];
      const rowWeights = truth.map((label) => texts.length / (2 * (label === 1 ? positive : texts.length - positive)));
      const problem = { rows: sparseRows(rows, vocabulary.size), columns: 1, truth, rowWeights };
      return [{ id, weights: fitLogistic({ ...problem, penalty: 1 / lossWeight, biasPenalty: 1e-6, iterations }) }];
    });
    return (row: SparseRow) =>
      fitted.flatMap(({ id, weights }) => {
        const confidence = 1 / (1 + Math.exp(-logit(row, weights, 0, vocabulary.size)));
        return confidence >= 0.5 ? [{ id, confidence }] : [];
      });
  }
}

function polarityOf(probabilities: Readonly<Record<Sentiment, number>>): Polarity {
  return polarities.reduce((best, polarity) => (probabilities[polarity] > probabilities[best] ? polarity : best));
}

interface SparseRow {
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

function buildVocabulary(texts: readonly string[]) {
  const documents = new Map<string, number>();
  for (const text of texts) {
    for (const gram of new Set(gramsOf(text))) documents.set(gram, (documents.get(gram) ?? 0) + 1);
  }
  const kept = [...documents].filter(([, count]) => count >= leastDocuments);
  const columns = new Map(kept.map(([gram], index) => [gram, index]));
  const rarity = kept.map(([, count]) => Math.log((1 + texts.length) / (1 + count)) + 1);

  return {
    size: kept.length,
    vectorOf(text: string): SparseRow {
      const counts = new Map<number, number>();
      for (const gram of gramsOf(text)) {
        const column = columns.get(gram);
        if (column !== undefined) counts.set(column, (counts.get(column) ?? 0) + 1);
      }
      const values = Float64Array.from([...counts], ([column, count]) => (1 + Math.log(count)) * (rarity[column] ?? 0));
      const length = Math.hypot(...values) || 1;
      return { columns: Int32Array.from(counts.keys()), values: values.map((value) => value / length) };
    },
  };
}

function gramsOf(text: string): string[] {
  const characters = [...text.normalize('NFKC').toLowerCase()];
  return characters.flatMap((_, start) =>
    Array.from({ length: Math.min(longestGram, characters.length - start) }, (_, extra) =>
      characters.slice(start, start + extra + 1).join(''),
    ),
  );
}

function sparseRows(rows: readonly SparseRow[], dimensions: number): FeatureRows {
  return {
    count: rows.length,
    dimensions,
    dot(row, weights, offset) {
      const { columns, values } = rows[row] as SparseRow;
      let sum = 0;
      for (let index = 0; index < columns.length; index++) {
        sum += (values[index] as number) * (weights[offset + (columns[index] as number)] as number);
      }
      return sum;
    },
    addTo(row, target, offset, factor) {
      const { columns, values } = rows[row] as SparseRow;
      for (let index = 0; index < columns.length; index++) {
        const place = offset + (columns[index] as number);
        target[place] = (target[place] as number) + factor * (values[index] as number);
      }
    },
  };
}

function logit({ columns, values }: SparseRow, weights: Float64Array, offset: number, dimensions: number): number {
  let sum = weights[offset + dimensions] as number;
  for (let index = 0; index < columns.length; index++) {
    sum += (values[index] as number) * (weights[offset + (columns[index] as number)] as number);
  }
  return sum;
}

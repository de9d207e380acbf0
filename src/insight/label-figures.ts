import type { TextAnalysis } from '../domain/analysis.ts';
import type { Labels } from '../domain/labelled-text.ts';
import { flagIds, sentiments } from '../domain/labels.ts';
import { countLabels, f1Of, macroF1Of } from './f-measure.ts';
import { calibrationErrorOf, type ReliabilityBin, reliabilityOf, type Statement } from './reliability.ts';

/** What was found in a text; what is absent was not looked for, except that a text without emotion has none. */
export type FoundLabels = Partial<Pick<TextAnalysis, 'sentiment' | 'topics' | 'intents' | 'emotion' | 'flags'>>;

/** Labels a person gave to a text, and those that were found in it. */
export interface Judged {
  readonly given: Labels;
  readonly found: FoundLabels;
}

/** How well one kind of label is found. Shares from 0 to 1. */
export interface Figures {
  /** Texts labelled by a person. */
  readonly texts: number;
  /** Where a text has exactly one label. */
  readonly accuracy?: number;
  readonly microF1: number;
  readonly macroF1: number;
  /** Expected calibration error of what was stated; NaN where nothing is stated with a probability. */
  readonly calibrationError: number;
  readonly reliability: readonly ReliabilityBin[];
}

/** The kinds of label that figures are given for. */
export const figureNames = ['sentiment', 'topics', 'topics with polarity', 'intents', 'emotion', 'flags'] as const;
export type FigureName = (typeof figureNames)[number];

/** The figures of all kinds that were labelled. */
export function figuresOf(judged: readonly Judged[]): Partial<Record<FigureName, Figures>> {
  const figures: Partial<Record<FigureName, Figures>> = {};
  for (const name of figureNames) {
    const rows = judged.flatMap((row) => {
      const given = givenOf[name](row.given);
      return given === undefined ? [] : [{ given, stated: statedOf[name](row.found) }];
    });
    if (rows.length > 0) figures[name] = figuresOfRows(rows, name === 'sentiment' || name === 'emotion');
  }
  return figures;
}

interface Row {
  readonly given: readonly string[];
  readonly stated: readonly { readonly label: string; readonly confidence: number | undefined }[];
}

function figuresOfRows(rows: readonly Row[], oneEach: boolean): Figures {
  const counts = [
    ...countLabels(rows.map(({ given, stated }) => ({ given, found: stated.map(({ label }) => label) }))).values(),
  ];
  const statements = rows.flatMap(({ given, stated }) =>
    stated.flatMap(({ label, confidence }): Statement[] =>
      confidence === undefined ? [] : [{ confidence, right: given.includes(label) }],
    ),
  );
  const reliability = reliabilityOf(statements);
  return {
    texts: rows.length,
    ...(oneEach && { accuracy: counts.reduce((sum, { both }) => sum + both, 0) / rows.length }),
    microF1: f1Of(counts),
    macroF1: macroF1Of(counts),
    calibrationError: calibrationErrorOf(reliability),
    reliability,
  };
}

const signs = { positive: '+', negative: '-', neutral: '0' } as const;

const givenOf: Record<FigureName, (labels: Labels) => readonly string[] | undefined> = {
  sentiment: ({ sentiment }) => (sentiment === undefined ? undefined : [sentiment]),
  topics: ({ topics }) => topics?.map(({ id }) => id),
  'topics with polarity': ({ topics }) => topics?.map(({ id, polarity }) => id + signs[polarity]),
  intents: ({ intents }) => intents,
  emotion: ({ emotion }) => (emotion === undefined ? undefined : [emotion]),
  flags: ({ flags }) => flags,
};

/** A text that is not analysed says nothing: it is neutral, without emotion. */
const statedOf: Record<FigureName, (found: FoundLabels) => Row['stated']> = {
  sentiment: ({ sentiment }) => [{ label: sentiment?.label ?? 'neutral', confidence: sentiment?.confidence }],
  topics: ({ topics = [] }) => {
    const surest = new Map<string, number>();
    for (const { id, confidence } of topics) surest.set(id, Math.max(confidence, surest.get(id) ?? 0));
    return [...surest].map(([label, confidence]) => ({ label, confidence }));
  },
  // The confidence is that of the topic's presence, so it says nothing of the pair.
  'topics with polarity': ({ topics = [] }) =>
    topics.map(({ id, polarity }) => ({ label: id + signs[polarity], confidence: undefined })),
  intents: ({ intents = [] }) => intents.map(({ id, confidence }) => ({ label: id, confidence })),
  emotion: ({ emotion }) => [{ label: emotion?.id ?? 'none', confidence: emotion?.confidence }],
  // Others than these are not labelled by the guide.
  flags: ({ flags = [] }) =>
    flags.flatMap(({ id, confidence }) => (flagIds.some((own) => own === id) ? [{ label: id, confidence }] : [])),
};

/** How often each sentiment was found where each was given: rows are what was given, in the order of `sentiments`. */
export function sentimentConfusion(judged: readonly Judged[]): number[][] {
  const matrix = sentiments.map(() => sentiments.map(() => 0));
  for (const { given, found } of judged) {
    if (given.sentiment === undefined) continue;
    const row = matrix[sentiments.indexOf(given.sentiment)];
    const column = sentiments.indexOf(found.sentiment?.label ?? 'neutral');
    if (row !== undefined) row[column] = (row[column] ?? 0) + 1;
  }
  return matrix;
}

/** Texts whose sentiment was found wrong, the most confident mistakes first. */
export function worstMistakes<Text extends Judged>(judged: readonly Text[], most: number): Text[] {
  return judged
    .filter(
      ({ given, found }) => given.sentiment !== undefined && given.sentiment !== (found.sentiment?.label ?? 'neutral'),
    )
    .sort((a, b) => (b.found.sentiment?.confidence ?? 0) - (a.found.sentiment?.confidence ?? 0))
    .slice(0, most);
}

/** What always answering the most frequent labels finds: the most frequent sentiment and emotion, no topic, no intent. */
export function majorityOf(labels: readonly Labels[]): FoundLabels {
  const sentiment = mostFrequent(labels.flatMap(({ sentiment }) => sentiment ?? []));
  const emotion = mostFrequent(labels.flatMap(({ emotion }) => emotion ?? []));
  return {
    ...(sentiment && { sentiment: { label: sentiment, score: 0, confidence: 1 } }),
    ...(emotion && emotion !== 'none' && { emotion: { id: emotion, confidence: 1 } }),
  };
}

function mostFrequent<Label>(labels: readonly Label[]): Label | undefined {
  const counts = new Map<Label, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

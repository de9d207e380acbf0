import type { IntentScore } from '../domain/analysis.ts';
import type { IntentId } from '../domain/labels.ts';
import type { Span } from '../domain/span.ts';
import type { Cancellation } from './cancellation.ts';
import { readCancellation } from './cancellation-reader.ts';
import { type Evaluation, evaluateByLexicon, pooled } from './evaluation.ts';
import { type FoundIntent, findAskedIntents } from './intent-rules.ts';
import type { PolarExpression } from './lexicon-sentiment.ts';
import type { PreparedSentence } from './prepared-text.ts';
import { rounded } from './rounded.ts';

/** What the model says of a sentence's intents: calibrated probabilities. */
export type IntentProbabilities = Readonly<Record<IntentId, number>>;

/** The intents of one sentence. */
export interface ReadIntents {
  readonly intents: readonly IntentScore[];
  /** Leaving is in the air without being wanted. */
  readonly cancelSignal?: { readonly confidence: number; readonly span: Span };
}

/**
 * The intents of a sentence: what it asks for and whether it ends something is read off its form; whether it praises or
 * complains is pooled from lexicon and model; the model decides alone where the form says nothing. The shares of both
 * were chosen on the rows that are held out from training and on the half of the gold that is called dev.
 *
 * @param expressions the lexicon's
 * @param model undefined without one
 */
export function readIntents(
  sentence: PreparedSentence,
  expressions: readonly PolarExpression[],
  model: IntentProbabilities | undefined,
): ReadIntents {
  const normalized = withoutQuotes(sentence.normalized);
  const ending = readCancellation(normalized);
  const decisive = ending?.decisive;
  const acts = isWanted(decisive) ? (ending?.parts ?? []) : [];
  const asked = findAskedIntents(normalized, acts, decisive?.kind === 'cancel-order');
  const evaluation = evaluateByLexicon(sentence, expressions, {
    neither: [...(ending?.parts ?? []), ...ranges(normalized, ending === undefined ? [] : ownMatters)],
    wished: asked.map(({ span }) => clauseOf(normalized, span)),
    asks: asked.length > 0 || acts.length > 0,
    blames: decisive?.blames === true || complains.test(normalized),
  });
  const meant = asked.filter(({ id }) => id !== 'question' || model === undefined || model.question >= noQuestionBelow);
  const found = [
    ...meant,
    ...endingIntents(decisive),
    ...evaluationIntents(normalized, evaluation, model),
    ...unspokenIntents(normalized, meant, decisive !== undefined, model),
  ];
  const intents = found
    .map(({ id, confidence, span }): IntentScore => {
      return { id, confidence: rounded(confidence), spans: [sentence.toOriginal(span)] };
    })
    .sort((a, b) => b.confidence - a.confidence);
  // Leaving that was easy (解約もスムーズでした) is no sign of more to come.
  if (decisive?.kind !== 'signal' || evaluation.praise > 0.6) return { intents };
  const { confidence, span } = decisive;
  return { intents, cancelSignal: { confidence, span: sentence.toOriginal(span) } };
}

function isWanted(decisive: Cancellation | undefined): boolean {
  return decisive?.kind === 'cancel' || decisive?.kind === 'cancel-order';
}

function endingIntents(decisive: Cancellation | undefined): FoundIntent[] {
  if (decisive?.kind !== 'cancel' && decisive?.kind !== 'cancel-order') return [];
  return [{ id: decisive.kind, confidence: decisive.confidence, span: decisive.span }];
}

/** Blanks, one for one, what is quoted within a sentence: somebody else asked for it or said it. */
function withoutQuotes(text: string): string {
  return text.replace(/(?<=[^「『])[「『][^「」『』]{1,200}[」』](?=[^。!?\s])/g, (quoted) =>
    '・'.repeat(quoted.length),
  );
}

/** The customer's own slips and doubts: 間違えて注文した, 迷っている. */
const ownMatters = [
  /間違\S{0,3}/g,
  /迷\S{0,4}/g,
  /悩\S{0,4}/g,
  /お世話に/g,
  /(?:行け|伺え|来られ|受けられ|参加でき|都合|体調|急用|予定が|風邪|熱が)\S{0,12}/g,
];

/** Words that only somebody who complains uses. */
const complains =
  /勝手に|一方的に|不良品|欠陥|初期不良|(?:した|済み|はず)(?:な)?のに[^。!?\n]{0,20}(?:請求|引き落と|届|返金|来|反映|ない)|[てで](?:もらえ|くれ|いただけ)(?:ない(?!か|で|と)|ません(?!か|で|と)|なかっ|ませんでし)|[てで](?:ほし|欲し|もらいた|いただきた)かっ|(?:時間|分|日|週間|[かヶケ]月|年|円|半日|回)も(?:(?:かか|掛か)(?!りませ|ら[なず])|待|取られ|払|電話)|もういい(?:です|$|。|わ)|もう結構です|うんざり|納得(?:いかない|できない|がいか)/;

function ranges(text: string, patterns: readonly RegExp[]): Span[] {
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ index, 0: words }) => ({ start: index, end: index + words.length })),
  );
}

/** The clause of what is asked for. */
function clauseOf(text: string, { start, end }: Span): Span {
  const before = text.slice(0, start);
  const joint = Math.max(...['、', '。', 'ので', 'けど', 'から'].map((mark) => before.lastIndexOf(mark)));
  const rest = text.slice(end).search(/[、。!?]/);
  return { start: joint + 1, end: rest < 0 ? text.length : end + rest };
}

function evaluationIntents(
  sentence: string,
  byLexicon: Evaluation,
  model: IntentProbabilities | undefined,
): FoundIntent[] {
  return (['complaint', 'praise'] as const).flatMap((id): FoundIntent[] => {
    const probability = model === undefined ? byLexicon[id] : pooled(byLexicon[id], model[id]);
    return probability < 0.5 ? [] : [{ id, confidence: probability, span: { start: 0, end: sentence.length } }];
  });
}

/** Without a form that says so the model must be this sure that somebody asks for or ends something. */
const sureFrom = { request: 0.9, question: 0.95, suggestion: 0.6, cancel: 0.7, 'cancel-order': 0.7 } as const;
const unspoken = ['request', 'question', 'suggestion', 'cancel', 'cancel-order'] as const;
/** What has the form of a question is a rhetorical one, or a manner of speaking, if the model is this sure. */
const noQuestionBelow = 0.2;

function unspokenIntents(
  sentence: string,
  spoken: readonly FoundIntent[],
  isEnding: boolean,
  model: IntentProbabilities | undefined,
): FoundIntent[] {
  if (model === undefined) return [];
  return unspoken
    .filter((id) => !(isEnding && (id === 'cancel' || id === 'cancel-order')))
    .filter((id) => model[id] >= sureFrom[id] && !spoken.some((intent) => intent.id === id))
    .map((id) => ({ id, confidence: model[id], span: { start: 0, end: sentence.length } }));
}

import type { SentimentScore } from '../domain/analysis.ts';
import { readForm } from '../text/form-reader.ts';
import { isBareNegation } from '../text/negators.ts';
import type { Token } from '../text/tokenizer.ts';
import { isContrast } from './contrast.ts';
import { intensityBefore, intensityFactor } from './degree.ts';
import type { JudgedSentence } from './judged.ts';
import { polarityOf } from './lexicon.ts';
import { rounded } from './rounded.ts';

/** An evaluative expression at the tokens `[first, end)`, its polarity as the sentence means it. */
export interface PolarExpression {
  readonly first: number;
  readonly end: number;
  /** From -1 to 1: negation, degree and wishes are accounted for. */
  readonly polarity: number;
}

/** A plain negation tells of something that is missing or does not work: 届か|ない, 出|ませ|ん. */
const bareNegation = -0.35;

/** What colours a sentence: its judgements, cues such as emoji, and negations that nothing else accounts for. */
export function findPolarExpressions(
  tokens: readonly Token[],
  { judgements, cues }: JudgedSentence,
): PolarExpression[] {
  const found: PolarExpression[] = [];
  const taken = new Set<number>();
  for (const { expression, polarity, intensity } of judgements) {
    const { first, end, form } = expression;
    if (taken.has(first)) continue;
    for (let index = first; index < Math.max(end, form.end); index += 1) taken.add(index);
    const strength = Math.max(-1, Math.min(1, polarity * intensityFactor[intensity]));
    if (strength !== 0) found.push({ first, end, polarity: strength });
  }
  for (const { first, end, values } of cues) {
    const form = readForm(tokens, end);
    const [entry] = values;
    if (entry === undefined || taken.has(first) || form.modality === 'wished') continue;
    for (let index = end; index < form.end; index += 1) taken.add(index);
    const strength = polarityOf(entry, form.holds) * intensityFactor[intensityBefore(tokens, first)];
    found.push({ first, end, polarity: Math.max(-1, Math.min(1, strength)) });
  }
  for (const index of tokens.keys()) {
    if (taken.has(index) || !isBareNegation(tokens, index) || isOwnUse(tokens, index)) continue;
    found.push({ first: index, end: index + 1, polarity: bareNegation });
  }
  return found.sort((a, b) => a.first - b.first);
}

/** What customers do or leave undone themselves: 使わないので, 使っていない. */
function isOwnUse(tokens: readonly Token[], negator: number): boolean {
  const verbs = tokens.slice(Math.max(0, negator - 4), negator).filter(({ partOfSpeech }) => partOfSpeech === '動詞');
  const verb = verbs.findLast(({ detail }) => detail === '自立');
  return verb !== undefined && /^(?:使う|続ける|遊ぶ|要る|行く|通う|乗る|着る|買う|利用)$/.test(verb.lemma);
}

/** Share of the weaker side from which on a sentence is both; without a contrasting word it takes an even balance. */
const mixedShare = { withContrast: 0.3, without: 0.45 };

/**
 * Sentiment of a sentence from its evaluative expressions, for when no model is there. Before a contrast (が, けど,
 * ただ) words weigh less, because Japanese puts the verdict last. Confidences are the shares that were right on 5,350
 * annotated rows.
 */
export function lexiconSentiment(tokens: readonly Token[], expressions: readonly PolarExpression[]): SentimentScore {
  let positive = 0;
  let negative = 0;
  const contrast = tokens.findLastIndex(isContrast);
  for (const { first, polarity } of expressions) {
    const weight = first < contrast ? 0.6 : 1;
    if (polarity > 0) positive += weight * polarity;
    else negative -= weight * polarity;
  }
  const strength = positive + negative;
  if (strength < 0.15) return { label: 'neutral', score: 0, confidence: 0.4 };
  const balance = (positive - negative) / strength;
  const score = rounded(balance * Math.min(1, 0.4 + strength / 2));
  const share = contrast >= 0 ? mixedShare.withContrast : mixedShare.without;
  if (Math.min(positive, negative) / strength >= share) return { label: 'mixed', score, confidence: 0.35 };
  const confidence = rounded(0.35 + 0.4 * Math.abs(score));
  return { label: balance > 0 ? 'positive' : 'negative', score, confidence };
}

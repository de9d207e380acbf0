import type { SentimentScore } from '../domain/analysis.ts';
import type { Token } from '../text/tokenizer.ts';
import type { Lexicon } from './lexicon.ts';
import { intensityBefore, isContrast, isNegatedAfter, isWish } from './polarity-context.ts';
import { rounded } from './rounded.ts';

/** An evaluative expression at the tokens `[first, end)`, its polarity as the sentence means it. */
export interface PolarExpression {
  readonly first: number;
  readonly end: number;
  /** From -1 to 1: negation, degree and wishes are accounted for. */
  readonly polarity: number;
}

/** Finds the evaluative expressions of a sentence. */
export function findPolarExpressions(tokens: readonly Token[], lexicon: Lexicon): PolarExpression[] {
  return lexicon.matcher.find(tokens).flatMap(({ first, end, values }) => {
    const given = values[0] ?? 0;
    const negated = isNegatedAfter(tokens, end);
    // Not bad is a mild praise; not good is a complaint.
    const turned = negated ? given * (given > 0 ? -0.8 : -0.5) : given;
    // What is wished for is not there: no praise.
    if (turned > 0 && isWish(tokens, first, end)) return [];
    const polarity = Math.max(-1, Math.min(1, turned * intensityBefore(tokens, first)));
    return [{ first, end, polarity }];
  });
}

/** Below this share of both sides a sentence has only one. */
const mixedShare = 0.4;

/**
 * Sentiment of a sentence from its evaluative expressions, for when no model is there. After a contrast (が, けど, ただ)
 * words weigh more, because Japanese puts the verdict last.
 */
export function lexiconSentiment(tokens: readonly Token[], expressions: readonly PolarExpression[]): SentimentScore {
  let positive = 0;
  let negative = 0;
  const contrast = tokens.findLastIndex(isContrast);
  for (const { first, polarity } of expressions) {
    const weight = contrast >= 0 && first > contrast ? 1.5 : 1;
    if (polarity > 0) positive += weight * polarity;
    else negative -= weight * polarity;
  }
  const strength = positive + negative;
  if (strength < 0.15) return { label: 'neutral', score: 0, confidence: 0.5 };
  const balance = (positive - negative) / strength;
  const score = rounded(balance * Math.min(1, 0.4 + strength / 2));
  if (Math.min(positive, negative) / strength >= mixedShare) return { label: 'mixed', score, confidence: 0.5 };
  const confidence = rounded(0.55 + 0.35 * Math.abs(score));
  return { label: balance > 0 ? 'positive' : 'negative', score, confidence };
}

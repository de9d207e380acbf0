import type { Span } from '../domain/span.ts';
import type { PolarExpression } from './lexicon-sentiment.ts';
import type { PreparedSentence } from './prepared-text.ts';
import { spanOf } from './token-span.ts';

/** How probable it is that a sentence praises and that it complains. */
export interface Evaluation {
  readonly praise: number;
  readonly complaint: number;
}

/** What of a sentence is no evaluation although its words are in the lexicon. */
export interface Unmeant {
  /** Ranges in the normalised sentence whose words judge nothing: 解約したい. */
  readonly neither: readonly Span[];
  /** Ranges in the normalised sentence where good words tell what is wished for: もらえると嬉しい. */
  readonly wished: readonly Span[];
  /** Whether it asks for something: then silence of the lexicon tells more. */
  readonly asks: boolean;
  /** Words that tell of a complaint whatever else there is. */
  readonly blames: boolean;
}

/** The side of an expression that another one after a contrast outweighs. */
const outweighed = 0.5;

/** Praise and complaint by the lexicon's expressions of a sentence. Shares were set on annotated sentences. */
export function evaluateByLexicon(
  sentence: PreparedSentence,
  expressions: readonly PolarExpression[],
  { neither, wished, asks, blames }: Unmeant,
): Evaluation {
  const ranges = (spans: readonly Span[]) => spans.map((span) => sentence.toOriginal(span));
  const [ignored, hoped] = [ranges(neither), ranges(wished)];
  let praise = 0;
  let complaint = blames ? 1 : 0;
  for (const { first, end, polarity } of expressions) {
    const span = spanOf(sentence.tokens, first, end);
    if (ignored.some((range) => overlap(range, span))) continue;
    if (polarity > 0 && hoped.some((range) => overlap(range, span))) continue;
    if (polarity > 0) praise = Math.max(praise, polarity);
    else complaint = Math.max(complaint, -polarity);
  }
  // A good word outweighs a mere negation: 料金がかからないのはありがたい.
  if (praise >= clearPraise && complaint <= mereNegation) complaint = 0;
  const weak = asks ? 0.1 : 0.28;
  if (praise < faint && complaint < faint) return { praise: weak - 0.02, complaint: weak };
  return {
    praise: praise < faint ? 0.08 : strength(praise, complaint),
    complaint: complaint < faint ? 0.08 : strength(complaint, praise),
  };
}

const clearPraise = 0.5;
const mereNegation = 0.35;

/** Weaker expressions are no evaluation. */
const faint = 0.25;

function strength(side: number, other: number): number {
  return side < other * outweighed ? 0.45 : 0.6 + 0.35 * side;
}

function overlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** The model's share, and its bound in log odds, so that clear words are heard whatever it says. */
const model = { share: 0.6, mostLogOdds: 2 };

/** Puts two probabilities of the same thing together: a weighted mean of their log odds (logarithmic opinion pool). */
export function pooled(byLexicon: number, byModel: number): number {
  const bounded = Math.max(-model.mostLogOdds, Math.min(model.mostLogOdds, logOdds(byModel)));
  return 1 / (1 + Math.exp(-(logOdds(byLexicon) * (1 - model.share) + bounded * model.share)));
}

function logOdds(probability: number): number {
  const inside = Math.max(1e-6, Math.min(1 - 1e-6, probability));
  return Math.log(inside / (1 - inside));
}

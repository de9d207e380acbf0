import type { Opinion, SentimentScore } from '../domain/analysis.ts';
import type { Polarity } from '../domain/labels.ts';
import { canonicalExpression, canonicalTarget, opinionKey, type Synonyms } from './canonical.ts';
import type { Judgement } from './judged.ts';
import type { PreparedSentence } from './prepared-text.ts';
import { spanOf } from './token-span.ts';

/** Weaker than this the lexicon gives way to a model that is sure of the opposite. */
const faint = 0.4;
/** A model's sentiment that strong settles a faint judgement. */
const sure = 0.7;

/**
 * The opinions of a sentence, in the order of their expressions. What the lexicon only faintly favours (a large bag, a
 * strong smell) is decided by the model where it is sure of the opposite.
 *
 * @param model the model's sentiment of the sentence; undefined without a model
 */
export function toOpinions(
  sentence: PreparedSentence,
  judgements: readonly Judgement[],
  synonyms: Synonyms,
  model: SentimentScore | undefined,
): Opinion[] {
  const alone = judgements.length === 1;
  return judgements
    .filter(({ evaluates }) => evaluates)
    .map((judgement): Opinion => {
      const { expression, target, form, intensity } = judgement;
      const { polarity, by } = decide(judgement, alone ? model : undefined);
      const expressed = form.negated && expression.lemma === expression.base ? expression.deniedBase : expression.base;
      const counted = canonicalExpression(expressed, synonyms);
      const named = target === undefined ? '' : canonicalTarget(target.lemma, synonyms);
      return {
        ...(target !== undefined && { target: spanned(sentence, target.first, target.end, target.lemma) }),
        expression: spanned(
          sentence,
          expression.first,
          Math.max(expression.end, expression.form.wordEnd),
          expression.lemma,
        ),
        ...{ polarity, negated: form.negated, intensity, tense: form.tense, modality: form.modality, by },
        key: opinionKey(named, counted, polarity),
      };
    });
}

function decide(
  { polarity, form, expression }: Judgement,
  model: SentimentScore | undefined,
): { polarity: Polarity; by: Opinion['by'] } {
  const lexical = signOf(polarity);
  if (model === undefined || polarity === 0 || form.modality !== 'stated') return { polarity: lexical, by: 'lexicon' };
  const byModel = signOf(model.score);
  const outvoted =
    Math.abs(polarity) <= faint && !form.negated && expression.entries.length > 0 && Math.abs(model.score) >= sure;
  return outvoted && byModel !== lexical ? { polarity: byModel, by: 'model' } : { polarity: lexical, by: 'lexicon' };
}

function signOf(value: number): Polarity {
  if (value === 0) return 'neutral';
  return value > 0 ? 'positive' : 'negative';
}

function spanned({ text, tokens, span: { start } }: PreparedSentence, first: number, end: number, lemma: string) {
  const span = spanOf(tokens, first, end);
  return { surface: text.slice(span.start - start, span.end - start), lemma, span };
}

import type { AnalyzedText, SentenceAnalysis } from '../domain/analysis.ts';
import type { Tokenizer } from '../text/tokenizer.ts';
import type { Lexicon } from './lexicon.ts';
import type { PreparedText } from './prepared-text.ts';
import { rollUp } from './roll-up.ts';
import { readByModel } from './sentence-by-model.ts';
import { readByRules } from './sentence-by-rules.ts';
import type { SentenceScores } from './sentence-scores.ts';
import type { Taxonomy } from './taxonomy.ts';

export { type PreparedText, prepareText } from './prepared-text.ts';

/** Everything that decides an analysis besides the model. */
export interface EnrichmentAssets {
  readonly tokenizer: Tokenizer;
  readonly lexicon: Lexicon;
  readonly taxonomy: Taxonomy;
}

/**
 * The analysis of a prepared text. `scores` are the model's, one per sentence; without them the lexicon and rules
 * decide.
 *
 * @throws Error when there are not as many scores as sentences
 */
export function finishAnalysis(
  prepared: PreparedText,
  scores: readonly SentenceScores[] | undefined,
  assets: Pick<EnrichmentAssets, 'lexicon' | 'taxonomy'>,
): AnalyzedText {
  const { status, language } = prepared;
  if (scores !== undefined && scores.length !== prepared.sentences.length) {
    throw new Error(`${scores.length} scores for ${prepared.sentences.length} sentences`);
  }
  const truncated = scores?.some((score) => score.truncated) ?? false;
  const sentences = prepared.sentences.map((sentence, index): SentenceAnalysis => {
    const score = scores?.[index];
    return score === undefined ? readByRules(sentence, assets) : readByModel(sentence, score, assets);
  });
  if (status !== 'analyzed' || sentences.length === 0) {
    return { analysis: { status, language, ...unlabelled, flags: [] }, truncated };
  }
  const layers = rollUp(sentences);
  if (sentences.every(({ flags }) => flags.some((flag) => flag.id === 'spam'))) {
    return { analysis: { status: 'spam', language, ...unlabelled, flags: layers.flags }, truncated };
  }
  return { analysis: { status, language, ...layers, sentences }, truncated };
}

const unlabelled = { topics: [], intents: [], sentences: [] };

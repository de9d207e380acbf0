import type { AnalyzedText, FlagScore, Opinion, SentenceAnalysis } from '../domain/analysis.ts';
import type { Tokenizer } from '../text/tokenizer.ts';
import { readFlags } from './flags.ts';
import { readIntents } from './intents.ts';
import { judge } from './judged.ts';
import type { Lexicon } from './lexicon.ts';
import { findPolarExpressions } from './lexicon-sentiment.ts';
import { toOpinions } from './opinions.ts';
import type { PreparedText } from './prepared-text.ts';
import { reviseRollUp } from './revised-roll-up.ts';
import { rollUp } from './roll-up.ts';
import { rollUpByModel } from './roll-up-by-model.ts';
import { withIrony } from './sarcasm.ts';
import { readByModel } from './sentence-by-model.ts';
import { readByRules } from './sentence-by-rules.ts';
import type { TextScores } from './sentence-scores.ts';
import type { Taxonomy } from './taxonomy.ts';
import type { Triage } from './triage.ts';

export { type PreparedText, prepareText } from './prepared-text.ts';

/** Everything that decides an analysis besides the model. */
export interface EnrichmentAssets {
  readonly tokenizer: Tokenizer;
  /** Version of the dictionaries that the tokenizer works with. */
  readonly dictionary: string;
  readonly lexicon: Lexicon;
  readonly taxonomy: Taxonomy;
  readonly triage: { readonly read: Triage; readonly version: string };
}

/**
 * The analysis of a prepared text. `scores` are the model's; without them the lexicon and rules decide.
 *
 * @throws Error when there are not as many scores as sentences
 */
export function finishAnalysis(
  prepared: PreparedText,
  scores: TextScores | undefined,
  assets: Pick<EnrichmentAssets, 'lexicon' | 'taxonomy' | 'triage'>,
): AnalyzedText {
  const { status, statusReason, language } = prepared;
  if (scores !== undefined && scores.sentences.length !== prepared.sentences.length) {
    throw new Error(`${scores.sentences.length} scores for ${prepared.sentences.length} sentences`);
  }
  const truncated = scores?.sentences.some((score) => score.truncated) ?? false;
  const opinions: Opinion[] = [];
  const notMeant = new Set<FlagScore['id']>();
  let ironic = false;
  const sentences = prepared.sentences.map((sentence, index): SentenceAnalysis => {
    const score = scores?.sentences[index];
    const judged = judge(sentence.tokens, assets.lexicon);
    const expressions = findPolarExpressions(sentence.tokens, judged);
    const byRules = () => readByRules(sentence, expressions, assets.taxonomy);
    const read =
      scores === undefined || score === undefined
        ? byRules()
        : readByModel(sentence, score, scores.decision.thresholds, assets.taxonomy, byRules);
    const model = score?.sentiment === undefined ? undefined : read.sentiment;
    const { intents, cancelSignal } = readIntents(sentence, expressions, score?.intents);
    const isNegative = expressions.some(({ polarity }) => polarity < 0);
    const triage = assets.triage.read;
    const { flags, ruledOut } = readFlags(sentence, { byModel: read.flags, triage, isNegative, cancelSignal });
    for (const id of ruledOut) notMeant.add(id);
    const found = toOpinions(sentence, judged.judgements, assets.lexicon.synonyms, model);
    // Mock praise praises nothing.
    const isIronic = flags.some(({ id }) => id === 'sarcasm');
    opinions.push(...found.filter(({ polarity }) => !(isIronic && polarity === 'positive')));
    const told = { ...read, intents: [...intents], flags };
    const meant = withIrony(told);
    ironic ||= meant !== told;
    return meant;
  });
  if (status !== 'analyzed' || sentences.length === 0) {
    const reason = statusReason !== undefined && { statusReason };
    return { analysis: { status, ...reason, language, ...unlabelled, flags: [] }, truncated };
  }
  const pooled = scores === undefined ? rollUp(sentences) : rollUpByModel(sentences, scores);
  const layers = reviseRollUp(pooled, { sentences, ruledOut: notMeant, ironic });
  if (sentences.every(({ flags }) => flags.some((flag) => flag.id === 'spam'))) {
    const spam = { status: 'spam', statusReason: 'model' } as const;
    return { analysis: { ...spam, language, ...unlabelled, flags: layers.flags }, truncated };
  }
  return { analysis: { status, language, ...layers, opinions, sentences }, truncated };
}

const unlabelled = { topics: [], intents: [], opinions: [], sentences: [] };

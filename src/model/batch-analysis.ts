import type { SentenceScorer, TextScores } from '../analysis/sentence-scores.ts';
import type { AnalyzedText } from '../domain/analysis.ts';
import type { TextResult } from './process-messages.ts';

/** What the model reads of a text. */
interface Readable {
  readonly sentences: readonly { readonly text: string }[];
  readonly passages: readonly string[];
}

/** What is done to a text before and after it is scored; both are pure. */
export interface TextSteps<Text, Prepared extends Readable> {
  prepare(text: Text): Prepared;
  /** `scores` has one entry per sentence and passage, or is undefined where there is no model. */
  finish(prepared: Prepared, scores: TextScores | undefined): AnalyzedText;
}

/**
 * Builds the analysis of a batch, same length and order out as in: sentences and passages of all its texts are scored
 * together. If anything throws, the batch is done again one by one and the text that throws comes back as a defect.
 */
export function createBatchAnalysis<Text, Prepared extends Readable>(
  { prepare, finish }: TextSteps<Text, Prepared>,
  scorer: SentenceScorer | undefined,
): (texts: readonly Text[]) => Promise<readonly TextResult[]> {
  return async (texts) => {
    try {
      return await analyzeTogether(texts);
    } catch {
      // Whose fault it was shows when each is done alone.
      const results: TextResult[] = [];
      for (const text of texts) results.push(...(await analyzeAlone(text)));
      return results;
    }
  };

  async function analyzeAlone(text: Text): Promise<readonly TextResult[]> {
    try {
      return await analyzeTogether([text]);
    } catch (error) {
      return [{ failure: 'defect', detail: error instanceof Error ? error.message : 'an analyzer threw' }];
    }
  }

  async function analyzeTogether(texts: readonly Text[]): Promise<readonly AnalyzedText[]> {
    const prepared = texts.map(prepare);
    if (scorer === undefined) return prepared.map((text) => finish(text, undefined));
    const { decision } = scorer;
    const sentences = prepared.flatMap((text) => text.sentences.map((sentence) => sentence.text));
    const scores = await scorer.score([...sentences, ...prepared.flatMap(({ passages }) => passages)]);
    let sentence = 0;
    let passage = sentences.length;
    return prepared.map((text) => {
      const own = scores.slice(sentence, sentence + text.sentences.length);
      const joint = scores.slice(passage, passage + text.passages.length);
      sentence += text.sentences.length;
      passage += text.passages.length;
      return finish(text, { sentences: own, passages: joint, decision });
    });
  }
}

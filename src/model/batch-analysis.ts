import type { SentenceScorer, SentenceScores } from '../analysis/sentence-scores.ts';
import type { AnalyzedText } from '../domain/analysis.ts';
import type { TextResult } from './process-messages.ts';

/** What is done to a text before and after its sentences are scored; both are pure. */
export interface TextSteps<Prepared extends { readonly sentences: readonly { readonly text: string }[] }> {
  prepare(text: string): Prepared;
  /** `scores` has one entry per prepared sentence, or is undefined where there is no model. */
  finish(prepared: Prepared, scores: readonly SentenceScores[] | undefined): AnalyzedText;
}

/**
 * Builds the analysis of a batch, same length and order out as in: the sentences of all its texts are scored
 * together. If anything throws, the batch is done again one by one and the text that throws comes back as a defect.
 */
export function createBatchAnalysis<Prepared extends { readonly sentences: readonly { readonly text: string }[] }>(
  { prepare, finish }: TextSteps<Prepared>,
  scorer: SentenceScorer | undefined,
): (texts: readonly string[]) => Promise<readonly TextResult[]> {
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

  async function analyzeAlone(text: string): Promise<readonly TextResult[]> {
    try {
      return await analyzeTogether([text]);
    } catch (error) {
      return [{ failure: 'defect', detail: error instanceof Error ? error.message : 'an analyzer threw' }];
    }
  }

  async function analyzeTogether(texts: readonly string[]): Promise<readonly AnalyzedText[]> {
    const prepared = texts.map(prepare);
    const scores = await scorer?.score(prepared.flatMap(({ sentences }) => sentences.map(({ text }) => text)));
    let next = 0;
    return prepared.map((text) => {
      const first = next;
      next += text.sentences.length;
      return finish(text, scores?.slice(first, next));
    });
  }
}

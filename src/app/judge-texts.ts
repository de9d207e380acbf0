import type { TextAnalyzer } from '../domain/analysis.ts';
import type { LabelledText } from '../domain/labelled-text.ts';
import type { Judged } from '../insight/label-figures.ts';

const textsAtOnce = 512;

/** A text with the labels a person gave to it and those that were found in it. */
export type JudgedText = LabelledText & Judged;

/**
 * Analyses labelled texts as feedback is analysed; same length and order out as in.
 *
 * @throws Error when a text cannot be analysed
 */
export async function judgeTexts(analyzer: TextAnalyzer, texts: readonly LabelledText[]): Promise<JudgedText[]> {
  const judged: JudgedText[] = [];
  for (let start = 0; start < texts.length; start += textsAtOnce) {
    const batch = texts.slice(start, start + textsAtOnce);
    const results = await analyzer.analyze(batch.map(({ text }) => ({ text })));
    for (const [index, result] of results.entries()) {
      const text = batch[index];
      if (text === undefined) continue;
      if ('failure' in result) throw new Error(`${text.id} cannot be analysed: ${result.detail}`);
      judged.push({ ...text, given: text.labels, found: result.analysis });
    }
  }
  return judged;
}

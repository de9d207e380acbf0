import { join } from 'node:path';
import { finishAnalysis, prepareText } from '../../src/analysis/enrichment.ts';
import { loadEnrichmentAssets } from '../../src/analysis/load-assets.ts';
import type { TextAnalysis } from '../../src/domain/analysis.ts';
import { intentIds } from '../../src/domain/labels.ts';
import { createBatchAnalysis } from '../../src/model/batch-analysis.ts';
import { openSentenceScorer } from '../../src/model/sentence-scorer.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { type Half, readGold } from './gold-file.ts';

/** Analyses texts, same length and order out as in. */
export type Analyze = (texts: readonly string[]) => Promise<readonly TextAnalysis[]>;

/** What is measured: with koe's model, and by lexicon and rules alone. */
export async function openAnalyses(): Promise<Readonly<Record<'model' | 'rules', Analyze>>> {
  const assets = await loadEnrichmentAssets();
  const scorer = await openSentenceScorer(join(packageRoot(), 'models/encoder'));
  const open = (scored: typeof scorer): Analyze => {
    const analyze = createBatchAnalysis(
      {
        prepare: (text: string) => prepareText(text, assets),
        finish: (prepared, scores) => finishAnalysis(prepared, scores, assets),
      },
      scored,
    );
    return async (texts) =>
      (await analyze(texts)).map((result) => {
        if ('failure' in result) throw new Error(`a text cannot be analysed: ${result.detail}`);
        return result.analysis;
      });
  };
  return { model: open(scorer), rules: open(undefined) };
}

/** How well intents are found; `cancel-signal` is a flag and counts for itself. */
export interface IntentFigures {
  readonly texts: number;
  readonly f1: Readonly<Record<string, number>>;
  /** Mean F1 of the seven intents. */
  readonly macroF1: number;
  readonly wrong: readonly string[];
}

/** Measures the intents of one half of the gold. */
export async function intentFigures(half: Half, analyze: Analyze): Promise<IntentFigures> {
  const gold = readGold('intents', half).map(([text = '', intents = '', signal = '']) => ({
    text,
    labels: [...intents.split(','), signal].filter((label) => label !== 'none' && label !== '-'),
  }));
  const analyses = await analyze(gold.map(({ text }) => text));
  const found = analyses.map(({ intents, flags }) => [
    ...intents.map(({ id }) => id as string),
    ...flags.flatMap(({ id }) => (id === 'cancel-signal' ? [id] : [])),
  ]);
  const f1 = Object.fromEntries(
    [...intentIds, 'cancel-signal'].map((id) => {
      const given = gold.map(({ labels }) => labels.includes(id));
      const told = found.map((labels) => labels.includes(id));
      const right = given.filter((is, index) => is && told[index]).length;
      return [id, (2 * right) / (given.filter(Boolean).length + told.filter(Boolean).length)];
    }),
  );
  const wrong = gold.flatMap(({ text, labels }, index) => {
    const read = [...(found[index] ?? [])].sort().join(',');
    return read === [...labels].sort().join(',') ? [] : [`${text}: ${labels.join(',')} read as ${read}`];
  });
  const macroF1 = intentIds.reduce((sum, id) => sum + (f1[id] ?? 0), 0) / intentIds.length;
  return { texts: gold.length, f1, macroF1, wrong };
}

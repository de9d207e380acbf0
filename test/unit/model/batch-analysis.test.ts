import { expect, test } from 'vitest';
import type { SentenceScorer, SentenceScores, TextScores } from '../../../src/analysis/sentence-scores.ts';
import { createBatchAnalysis } from '../../../src/model/batch-analysis.ts';
import { thresholdsOf, uncalibrated } from '../../../src/model/calibration.ts';
import { plainRollUp } from '../../../src/model/roll-up-weights.ts';

const scored: string[][] = [];
const decision = { thresholds: thresholdsOf(uncalibrated), rollUp: plainRollUp };
const scorer: SentenceScorer = {
  version: 'fake@1',
  decision,
  score: async (sentences) => {
    scored.push([...sentences]);
    if (sentences.includes('unscorable')) throw new Error('the model choked');
    // Only passed through here, so a sentence's length stands for what the model says of it.
    return sentences.map((sentence) => ({ length: sentence.length }) as unknown as SentenceScores);
  },
};

/** Sentences are separated by slashes; the language code shows what arrived at the end. */
const steps = {
  prepare(text: string) {
    if (text === 'unpreparable') throw new Error('no such grammar');
    const sentences = text === '' ? [] : text.split('/').map((sentence) => ({ text: sentence }));
    return { sentences, passages: sentences.length > 1 ? [text] : [] };
  },
  finish(prepared: { readonly sentences: readonly { readonly text: string }[] }, scores: TextScores | undefined) {
    if (prepared.sentences[0]?.text === 'unfinishable') throw new Error('no such topic');
    const said = scores === undefined ? null : [scores.sentences, scores.passages];
    const code = JSON.stringify([prepared.sentences.map(({ text }) => text), said]);
    const empty = { topics: [], intents: [], flags: [], opinions: [], sentences: [] };
    return { analysis: { status: 'analyzed' as const, language: { code, confidence: 1 }, ...empty }, truncated: false };
  },
};

async function run(texts: string[]): Promise<unknown[]> {
  scored.length = 0;
  const results = await createBatchAnalysis(steps, scorer)(texts);
  return results.map((result) => ('failure' in result ? result : JSON.parse(result.analysis.language.code)));
}

test('scores all sentences and passages together and gives each text its own back', async () => {
  expect(await run(['a/bb', '', 'ccc', 'd/e'])).toEqual([
    [
      ['a', 'bb'],
      [[{ length: 1 }, { length: 2 }], [{ length: 4 }]],
    ],
    [[], [[], []]],
    [['ccc'], [[{ length: 3 }], []]],
    [
      ['d', 'e'],
      [[{ length: 1 }, { length: 1 }], [{ length: 3 }]],
    ],
  ]);
  expect(scored).toEqual([['a', 'bb', 'ccc', 'd', 'e', 'a/bb', 'd/e']]);
});

test.each([
  ['unpreparable', 'no such grammar'],
  ['unscorable', 'the model choked'],
  ['unfinishable', 'no such topic'],
])('a text on which a step throws (%s) is a defect, its neighbours are analysed', async (guilty, detail) => {
  expect(await run(['a', guilty, 'b'])).toEqual([
    [['a'], [[{ length: 1 }], []]],
    { failure: 'defect', detail },
    [['b'], [[{ length: 1 }], []]],
  ]);
});

test('without a model there are no scores', async () => {
  scored.length = 0;
  const [result] = await createBatchAnalysis(steps, undefined)(['a/b']);
  expect(result).toMatchObject({ analysis: { language: { code: '[["a","b"],null]' } } });
  expect(scored).toEqual([]);
});

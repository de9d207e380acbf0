import { beforeAll, describe, expect, test } from 'vitest';
import { type EnrichmentAssets, finishAnalysis, prepareText } from '../../../src/analysis/enrichment.ts';
import { loadEnrichmentAssets } from '../../../src/analysis/load-assets.ts';
import { findSarcasm } from '../../../src/analysis/sarcasm.ts';
import { blockingMs, fastest } from '../text/fastest.ts';

let assets: EnrichmentAssets;
beforeAll(async () => {
  assets = await loadEnrichmentAssets();
});

const reasonsIn = (text: string) =>
  prepareText(text, assets).sentences.flatMap((sentence) => findSarcasm(sentence, false)?.reason ?? []);

describe('irony', () => {
  test.each([
    ['誰がこんなものを買うの?', 'rhetorical question'],
    ['やる気あるんですか?', 'rhetorical question'],
    ['いつまで待たせる気ですか', 'rhetorical question'],
    ['「完全無料」とは？', 'rhetorical question'],
    ['さすがの対応ですね（笑）', 'mock praise'],
    ['見事な手抜き工事ですねｗ', 'mock praise'],
    ['遅延のおかげで保留音を暗記しました', 'mock thanks'],
  ])('%j: %s', (text, reason) => {
    expect(reasonsIn(text)).toEqual([reason]);
  });

  test.each([
    '営業は何時までですか?',
    'さすがプロの仕事だと感心しました',
    '店員さんのおかげで助かりました',
    'おかげさまで故障もすぐ直りました',
    '返品はできますか?',
    '面白くて笑いました（笑）',
  ])('%j is meant as it says', (text) => {
    expect(reasonsIn(text)).toEqual([]);
  });
});

test('what is flagged is not taken for praise', () => {
  const { analysis } = finishAnalysis(prepareText('さすが、素晴らしい対応ですね（笑）', assets), undefined, assets);
  expect(analysis.flags.map(({ id }) => id)).toContain('sarcasm');
  expect(analysis.sentiment?.label).not.toBe('positive');
  expect(analysis.intents.map(({ id }) => id)).not.toContain('praise');
});

test.each(['何', '誰が', 'とは', 'おかげで', 'さすが', 'w', 'どこが'])('10,000 units of %j do not block', (unit) => {
  const [sentence] = prepareText('良い', assets).sentences;
  if (sentence === undefined) throw new Error('there is a sentence');
  const long = { ...sentence, normalized: unit.repeat(10_000 / unit.length) };
  expect(fastest(() => findSarcasm(long, true))).toBeLessThan(blockingMs);
});

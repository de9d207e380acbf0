import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { finishAnalysis, prepareText } from '../../../src/analysis/enrichment.ts';
import { loadEnrichmentAssets } from '../../../src/analysis/load-assets.ts';
import { createMasker } from '../../../src/text/personal-data/masker.ts';
import { loadPersonNames } from '../../../src/text/personal-data/person-names.ts';
import { checkTextPath, strangeTexts, type TextPathAssets } from '../../fuzz/text-path.ts';
import { blockingMs, fastest } from '../text/fastest.ts';

let path: TextPathAssets;
beforeAll(async () => {
  path = { assets: await loadEnrichmentAssets(), masker: createMasker(await loadPersonNames()) };
});

test('2,000 strange texts go through masking and all layers', () => {
  fc.assert(
    fc.property(strangeTexts, (text) => checkTextPath(text, path)),
    { numRuns: 2000 },
  );
}, 240_000);

const analyze = (text: string) => finishAnalysis(prepareText(text, path.assets), undefined, path.assets);

test.each([
  ['nothing', '', 'not-meaningful'],
  ['NUL bytes', '\u0000\u0000', 'not-meaningful'],
  ['lone surrogates', '\ud83d\udc4d\ud83d', 'analyzed'],
  ['right-to-left marks', '\u202e画面が見にくい\u202c', 'analyzed'],
  ['a text with NUL bytes', '配送が\u0000遅い', 'analyzed'],
  ['zero-width characters within words', '配\u200b送が遅\u200bい', 'analyzed'],
])('%s end as %s', (_name, text, status) => {
  expect(analyze(text).analysis.status).toBe(status);
});

test.each([
  ...[
    'w',
    'あ',
    'ア',
    '漢',
    '1',
    '!',
    '👍',
    '👍🏻',
    '…',
    'ー',
    '\u0301',
    '「',
    '(^',
    'です',
    'ない',
    'が、',
    '。',
    'a@',
    '😭ない',
  ],
  ...['電池が持たない', '画面が見にくい。', 'スマホ', 'と て ', 'ホット ケーキ ', 'の', '・', '\n', '한'],
])('10,000 characters of %j do not block', (unit) => {
  const text = unit.repeat(Math.ceil(10_000 / unit.length)).slice(0, 10_000);
  expect(fastest(() => analyze(text))).toBeLessThan(blockingMs);
});

test('a sentence that is said again counts once, a short one up to three times', () => {
  const spans = (text: string) =>
    prepareText(text, path.assets).sentences.map(({ span }) => text.slice(span.start, span.end));
  const complaint = '注ぎ口から水が漏れて困ります。';
  expect(spans(`${complaint}色は良いです。${complaint}${complaint}`)).toEqual([complaint, '色は良いです。']);
  expect(spans('最高！'.repeat(5))).toEqual(['最高！', '最高！', '最高！']);
  expect(prepareText(`${complaint}色は良いです。${complaint}`, path.assets).passages).toEqual([
    `${complaint}\n色は良いです。`,
  ]);
});

test('a megabyte of text comes to an end', () => {
  const text = '画面が見にくいです。'.repeat(35_000);
  const { analysis } = analyze(text);
  expect(analysis.status).toBe('analyzed');
  expect(analysis.sentences).toHaveLength(1);
});

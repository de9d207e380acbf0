/** What one text costs without the transformer: masking and all layers by lexicon and rules, on one core; a Markdown table. */
import { finishAnalysis, prepareText } from '../src/analysis/enrichment.ts';
import { loadEnrichmentAssets } from '../src/analysis/load-assets.ts';
import { createMasker } from '../src/text/personal-data/masker.ts';
import { loadPersonNames } from '../src/text/personal-data/person-names.ts';
import { texts } from './load.ts';
import { medianMs } from './median.ts';

const assets = await loadEnrichmentAssets();
const masker = createMasker(await loadPersonNames());
const analyze = (text: string) => finishAnalysis(prepareText(masker.mask(text).text, assets), undefined, assets);

// Different sentences, for a repeated one is read once.
const words = texts.join('\n');
const rows: string[] = [];
for (const length of [40, 150, 1000, 10_000]) {
  const text = words.slice(0, length);
  for (let warm = 0; warm < 20; warm++) analyze(text);
  const repeat = Math.max(1, Math.round(20_000 / length));
  const ms = await medianMs(15, () => {
    for (let time = 0; time < repeat; time++) analyze(text);
  });
  rows.push(`| Japanese, ${length} characters | ${(ms / repeat).toFixed(3)} |`);
}
for (const [name, unit] of [
  ['one kana', 'ア'],
  ['one letter', 'w'],
  ['emoji', '👍🏻'],
  ['short sentences with emoji', '😭ない'],
] as const) {
  const text = unit.repeat(Math.ceil(10_000 / unit.length));
  const ms = await medianMs(5, () => analyze(text));
  rows.push(`| nothing but ${name}, 10,000 characters | ${ms.toFixed(1)} |`);
}
console.log(['| text | milliseconds |', '|---|--:|', ...rows].join('\n'));

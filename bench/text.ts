/** What one text costs without the transformer: all layers by lexicon and rules, on one core; a Markdown table. */
import { finishAnalysis, prepareText } from '../src/analysis/enrichment.ts';
import { loadEnrichmentAssets } from '../src/analysis/load-assets.ts';
import { medianMs } from './median.ts';

const sentence = '昨日届いた電気ケトルですが、注ぎ口から水が漏れて使いものになりません。';
const assets = await loadEnrichmentAssets();
const analyze = (text: string) => finishAnalysis(prepareText(text, assets), undefined, assets);

const rows: string[] = [];
for (const length of [40, 150, 1000, 10_000]) {
  const text = sentence.repeat(Math.ceil(length / sentence.length)).slice(0, length);
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
] as const) {
  const text = unit.repeat(Math.ceil(10_000 / unit.length));
  const ms = await medianMs(5, () => analyze(text));
  rows.push(`| nothing but ${name}, 10,000 characters | ${ms.toFixed(1)} |`);
}
console.log(['| text | milliseconds |', '|---|--:|', ...rows].join('\n'));

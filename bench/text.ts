/**
 * What one text costs without the transformer: masking and all layers by lexicon and rules, on one core; a Markdown table.
 * CPU time, so that what else the machine does counts little; medians.
 */
import { finishAnalysis, prepareText } from '../src/analysis/enrichment.ts';
import { loadEnrichmentAssets } from '../src/analysis/load-assets.ts';
import { createMasker } from '../src/text/personal-data/masker.ts';
import { loadPersonNames } from '../src/text/personal-data/person-names.ts';
import { hostileKinds, hostileText } from '../test/fuzz/long-texts.ts';
import { texts } from './load.ts';

const assets = await loadEnrichmentAssets();
const masker = createMasker(await loadPersonNames());
const analyze = (text: string) => finishAnalysis(prepareText(masker.mask(text).text, assets), undefined, assets);

// Different sentences, for a repeated one is read once.
const words = texts.join('\n');
const warmUpTexts = 600;

function medianMs(runs: number, work: () => void): number {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
}

const rows: string[] = [];
/** Different texts of a length, each from another place. */
function textsOf(length: number): string[] {
  const places = Math.max(1, Math.floor(words.length / length));
  return Array.from({ length: places }, (_, at) => words.slice(at * length, (at + 1) * length));
}

// A worker analyses for hours: what compiles in the first second is not what a message costs.
const ordinary = textsOf(150);
for (let warm = 0; warm < warmUpTexts; warm++) analyze(ordinary[warm % ordinary.length] ?? words);
for (const length of [40, 150, 1000, 10_000]) {
  const sample = textsOf(length);
  const ms = medianMs(15, () => sample.map(analyze));
  rows.push(`| Japanese, ${length} characters | ${(ms / sample.length).toFixed(3)} |`);
}
for (const kind of Object.keys(hostileKinds)) {
  const text = hostileText(kind, 10_000);
  const ms = medianMs(5, () => analyze(text));
  rows.push(`| nothing but ${kind}, 10,000 characters | ${ms.toFixed(1)} |`);
}
console.log(['| text | milliseconds of CPU |', '|---|--:|', ...rows].join('\n'));

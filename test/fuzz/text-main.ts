import fc from 'fast-check';
import { loadEnrichmentAssets } from '../../src/analysis/load-assets.ts';
import { createMasker } from '../../src/text/personal-data/masker.ts';
import { loadPersonNames } from '../../src/text/personal-data/person-names.ts';
import { checkTextPath, strangeTexts } from './text-path.ts';

// Takes 100,000 strange texts, or as many as the first argument says, through masking and all layers without the model.
// The seed, the second argument, is printed; the same one gives the same texts.

const [texts = '100000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
process.stdout.write(`seed ${seed}\n`);
const assets = { assets: await loadEnrichmentAssets(), masker: createMasker(await loadPersonNames()) };
const begun = performance.now();
let slowest = { ms: 0, text: '' };
fc.assert(
  fc.property(strangeTexts, (text) => {
    const since = performance.now();
    checkTextPath(text, assets);
    const ms = performance.now() - since;
    if (ms > slowest.ms) slowest = { ms, text };
  }),
  { numRuns: Number(texts), seed: Number(seed) },
);
const seconds = Math.round((performance.now() - begun) / 1000);
process.stdout.write(`${texts} texts in ${seconds} s; the slowest took ${slowest.ms.toFixed(0)} ms\n`);

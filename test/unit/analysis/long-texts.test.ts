import { beforeAll, expect, test } from 'vitest';
import { finishAnalysis, prepareText } from '../../../src/analysis/enrichment.ts';
import { loadEnrichmentAssets } from '../../../src/analysis/load-assets.ts';
import { createMasker } from '../../../src/text/personal-data/masker.ts';
import { loadPersonNames } from '../../../src/text/personal-data/person-names.ts';
import { hostileKinds, hostileText } from '../../fuzz/long-texts.ts';

let run: (text: string) => unknown;
beforeAll(async () => {
  const assets = await loadEnrichmentAssets();
  const masker = createMasker(await loadPersonNames());
  run = (text) => finishAnalysis(prepareText(masker.mask(text).text, assets), undefined, assets);
});

/** Milliseconds of CPU that analysing a text takes, whatever else the machine does. */
function cpuOf(text: string): number {
  const { user, system } = process.cpuUsage();
  run(text);
  const after = process.cpuUsage();
  return (after.user - user + after.system - system) / 1000;
}

/** Whoever sends more than this pays in proportion; a quadratic rule makes it 4, a cubic one 8. */
const mostForTwice = 3;
/** Texts that take less are not worth a comparison. */
const negligibleMs = 10;
const mostRounds = 30;

test.each(Object.keys(hostileKinds))('twice as much of it takes about twice as long: %s', (kind) => {
  const [half, whole] = [hostileText(kind, 5000), hostileText(kind, 10_000)];
  let [ofHalf, ofWhole] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const isProportional = () => ofWhole <= Math.max(negligibleMs, mostForTwice * ofHalf);
  // The least of several is what it takes undisturbed.
  for (let round = 0; round < mostRounds && (round < 3 || !isProportional()); round += 1) {
    ofHalf = Math.min(ofHalf, cpuOf(half));
    ofWhole = Math.min(ofWhole, cpuOf(whole));
  }
  expect(ofWhole, `${ofHalf} ms for half of it`).toBeLessThanOrEqual(Math.max(negligibleMs, mostForTwice * ofHalf));
});

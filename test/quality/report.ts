/**
 * Writes the figures of all gold sets into docs/quality.md: each section stands between its markers
 * (`<!-- name:start -->`, `<!-- name:end -->`); one that is not there yet is added at the end.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnrichmentAssets } from '../../src/analysis/load-assets.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { createMasker } from '../../src/text/personal-data/masker.ts';
import { loadPersonNames } from '../../src/text/personal-data/person-names.ts';
import { openAnalyses } from './intent-figures.ts';
import { intentsSection } from './intents-section.ts';
import { opinionsSection } from './opinions-section.ts';
import { personalDataSection } from './personal-data-section.ts';
import { textSection } from './text-section.ts';

const lexical = await loadEnrichmentAssets();
const sections = [
  personalDataSection(createMasker(await loadPersonNames())),
  opinionsSection(lexical),
  textSection(),
  await intentsSection(await openAnalyses()),
];

const file = join(packageRoot(), 'docs/quality.md');
let page = readFileSync(file, 'utf8');
for (const section of sections) {
  const lines = section.split('\n');
  const [start, end] = [lines[0] ?? '', lines.at(-1) ?? ''];
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from === -1 || to === -1) page = `${page.trimEnd()}\n\n${section}\n`;
  else page = page.slice(0, from) + section + page.slice(to + end.length);
}
writeFileSync(file, page);

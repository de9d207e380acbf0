/**
 * Measures the shipped model on the gold set, beside the most frequent labels, the lexicon and character TF-IDF, and
 * writes the section `model` of docs/quality.md: `npm run eval`, with further folders of training rows for TF-IDF as
 * arguments.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAnalyzer } from '../../src/app/analyzer.ts';
import { type JudgedText, judgeTexts } from '../../src/app/judge-texts.ts';
import {
  calibrationTable,
  confusionTable,
  figuresTable,
  markdownTable,
  reliabilityTable,
} from '../../src/cli/figures-text.ts';
import type { LabelledText } from '../../src/domain/labelled-text.ts';
import { figuresOf, majorityOf, sentimentConfusion, worstMistakes } from '../../src/insight/label-figures.ts';
import { packageRoot, packageVersion } from '../../src/runtime/package-root.ts';
import { type GoldText, readGold, readPairs, readTrainingRows } from './gold.ts';
import { reliabilityPlot } from './reliability-plot.ts';
import { withSection } from './section.ts';
import { trainTfidf } from './tfidf.ts';

const root = packageRoot();
const trainingFolders = [join(root, 'models/training/data'), ...process.argv.slice(2)];
const smallestStratum = 10;
const mistakes = 50;

const [sentences, documents] = [readGold('sentences'), readGold('documents')];
const rows = readTrainingRows(trainingFolders);
const model = await open(join(root, 'models/encoder'));
const lexicon = await open('none');
const findByTfidf = rows.length === 0 ? undefined : trainTfidf(rows);

const parts = [
  `Model ${model.versions.model}, taxonomy ${model.versions.taxonomy}, lexicon ${model.versions.lexicon}.\n` +
    'The gold set is described in [models/gold](../models/gold/README.md). Everything is analysed as feedback is:\n' +
    'split into sentences, scored, rolled up. A text that is not analysed counts as neutral, without labels.\n' +
    `TF-IDF is character 1- to 4-grams with logistic regression, trained on ${rows.length} rows.`,
  await report('Sentences', sentences, 'reliability-sentences.svg'),
  await report('Documents', documents, 'reliability-documents.svg'),
  await pairReport(),
];
const quality = join(root, 'docs/quality.md');
const page = existsSync(quality) ? readFileSync(quality, 'utf8') : '# Quality\n';
writeFileSync(quality, withSection(page, 'model', ['## Model', ...parts].join('\n\n')));
await Promise.all([model.close(), lexicon.close()]);

function open(modelDir: string) {
  return createAnalyzer({ modelDir, processes: 1, textTimeoutMs: 60_000, pipelineVersion: packageVersion() });
}

async function report(title: string, gold: readonly GoldText[], plot: string): Promise<string> {
  const judged = await judgeTexts(model, gold);
  const figures = figuresOf(judged);
  const most = majorityOf(rows.length > 0 ? rows.map(({ labels }) => labels) : gold.map(({ labels }) => labels));
  const compared = [
    ['koe', figures],
    ...(findByTfidf === undefined ? [] : [['TF-IDF', figuresOf(found(gold, findByTfidf))] as const]),
    ['lexicon and rules', figuresOf(await judgeTexts(lexicon, gold))],
    ['most frequent', figuresOf(found(gold, () => most))],
  ] as const;
  const kinds = (['sentiment', 'topics', 'intents', 'emotion'] as const).flatMap((name) => {
    const bins = figures[name]?.reliability;
    return bins === undefined ? [] : [{ name, bins }];
  });
  writeFileSync(join(root, 'docs', plot), reliabilityPlot(kinds));
  return [
    `### ${title} (${gold.length})`,
    figuresTable(compared),
    'How far the confidence that records state is from the share that is right:',
    calibrationTable(figures),
    `![reliability](${plot})`,
    '<details><summary>Confusion, confidence, strata, mistakes</summary>',
    confusionTable(sentimentConfusion(judged)),
    figures.sentiment === undefined ? '' : reliabilityTable(figures.sentiment),
    strataTable(gold, judged),
    `The ${mistakes} most confident mistakes of sentiment:`,
    mistakeTable(worstMistakes(judged, mistakes)),
    '</details>',
  ].join('\n\n');
}

function found(gold: readonly LabelledText[], find: (text: string) => ReturnType<typeof majorityOf>): JudgedText[] {
  return gold.map((text) => ({ ...text, given: text.labels, found: find(text.text) }));
}

function strataTable(gold: readonly GoldText[], judged: readonly JudgedText[]): string {
  const names = [...new Set(gold.flatMap(({ strata }) => strata))];
  const lines = names.flatMap((name) => {
    const own = judged.filter((_, index) => gold[index]?.strata.includes(name));
    if (own.length < smallestStratum) return [];
    const { sentiment, topics, intents } = figuresOf(own);
    const percent = (share: number | undefined) => (100 * (share ?? Number.NaN)).toFixed(1);
    return [
      [name, String(own.length), percent(sentiment?.accuracy), percent(topics?.microF1), percent(intents?.microF1)],
    ];
  });
  return markdownTable(['stratum', 'texts', 'sentiment, accuracy', 'topics, micro-F1', 'intents, micro-F1'], lines);
}

function mistakeTable(worst: readonly JudgedText[]): string {
  const lines = worst.map(({ id, text, given, found }) => {
    const { label = 'neutral', confidence = 0 } = found.sentiment ?? {};
    return `| ${id} | ${given.sentiment} | ${label} ${confidence.toFixed(2)} | ${text.replaceAll('|', '\\|')} |`;
  });
  return ['| id | given | found | text |', '|---|---|---|---|', ...lines].join('\n');
}

async function pairReport(): Promise<string> {
  const pairs = readPairs();
  const texts = pairs.flatMap((pair) => pair.texts);
  const judged = await judgeTexts(
    model,
    texts.map((text, index) => ({ id: String(index), text, labels: {} })),
  );
  const labelOf = (index: number) => judged[index]?.found.sentiment?.label;
  const alike = pairs.map(({ kind }, index) => ({ kind, same: labelOf(2 * index) === labelOf(2 * index + 1) }));
  const lines = [...new Set(pairs.map(({ kind }) => kind))].map((kind) => {
    const own = alike.filter((pair) => pair.kind === kind);
    return [kind, String(own.length), String(own.filter(({ same }) => same).length)];
  });
  return [
    `### Minimal pairs (${pairs.length})`,
    'Two ways of saying the same thing that differ in who seems to speak; their sentiment must be the same.',
    markdownTable(['what differs', 'pairs', 'read alike'], lines),
  ].join('\n\n');
}

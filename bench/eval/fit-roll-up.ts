/**
 * Chooses the weights by which sentences and passages become the verdict of a text, on rows that the encoder was not
 * trained on: `npx tsx bench/eval/fit-roll-up.ts`. Writes `models/encoder/roll-up.json` with its hash in the manifest, and
 * prints what was compared.
 *
 * The weights of one kind of label do not depend on those of another, so that each is chosen on a small grid of its
 * own. Of settings within half a point of the best, the one nearest to equal shares is taken: the rest is noise.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finishAnalysis, prepareText } from '../../src/analysis/enrichment.ts';
import { loadEnrichmentAssets } from '../../src/analysis/load-assets.ts';
import type { RollUpWeights, TextScores } from '../../src/analysis/sentence-scores.ts';
import type { LabelledText } from '../../src/domain/labelled-text.ts';
import { type FigureName, figuresOf } from '../../src/insight/label-figures.ts';
import { plainRollUp } from '../../src/model/roll-up-weights.ts';
import { openSentenceScorer } from '../../src/model/sentence-scorer.ts';
import { packageRoot } from '../../src/runtime/package-root.ts';
import { readTrainingRows } from './gold.ts';
import { sealModel } from './seal-model.ts';

const models = join(packageRoot(), 'models');
const tolerance = 0.005;
const shares = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

const assets = await loadEnrichmentAssets();
const opened = await openSentenceScorer(join(models, 'encoder'));
if (opened === undefined) throw new Error('there is no model in models/encoder');
const scorer = opened;
const heldOut = new Set(readFileSync(join(models, 'training/data/held-out.txt'), 'utf8').split('\n'));
const rows = readTrainingRows([join(models, 'training/data/authored')]).filter(({ id }) => heldOut.has(id));
const texts = (await Promise.all(rows.map(scored))).filter(({ prepared }) => prepared.passages.length > 0);
console.log(`${texts.length} held-out texts of several sentences, ${scorer.version}`);

async function scored(row: LabelledText) {
  const prepared = prepareText(row.text, assets);
  const sentences = prepared.sentences.map(({ text }) => text);
  const scores = await scorer.score([...sentences, ...prepared.passages]);
  const parts = { sentences: scores.slice(0, sentences.length), passages: scores.slice(sentences.length) };
  return { row, prepared, scores: parts };
}

function figuresWith(rollUp: RollUpWeights) {
  const judged = texts.map(({ row, prepared, scores }) => {
    const all: TextScores = { ...scores, decision: { ...scorer.decision, rollUp } };
    return { given: row.labels, found: finishAnalysis(prepared, all, assets).analysis };
  });
  return figuresOf(judged);
}

/** Macro-F1 where a text has one label, micro-F1 where it may have several. */
function figureWith(rollUp: RollUpWeights, name: FigureName): number {
  const figures = figuresWith(rollUp)[name];
  if (figures === undefined) throw new Error(`no text is labelled with ${name}`);
  return name === 'sentiment' || name === 'emotion' ? figures.macroF1 : figures.microF1;
}

/** The setting to take of a grid that is sorted by how plain its settings are, plainest first. */
function choose<T>(name: FigureName, grid: readonly T[], rollUpOf: (setting: T) => RollUpWeights): T {
  const tried = grid.map((setting) => ({ setting, figure: figureWith(rollUpOf(setting), name) }));
  const best = Math.max(...tried.map(({ figure }) => figure));
  const chosen = tried.find(({ figure }) => figure >= best - tolerance);
  if (chosen === undefined) throw new Error('an empty grid');
  const [first] = tried;
  console.log(
    `${name}: ${JSON.stringify(chosen.setting)} ${(100 * chosen.figure).toFixed(1)}, best ${(100 * best).toFixed(1)}, ` +
      `plainest ${(100 * (first?.figure ?? Number.NaN)).toFixed(1)}`,
  );
  return chosen.setting;
}

const plainestFirst = [...shares].sort((a, b) => Math.abs(a - 0.5) - Math.abs(b - 0.5));
const shareOf = (name: 'intents' | 'emotion' | 'flags') =>
  choose(name, plainestFirst, (passages) => ({ ...plainRollUp, [name]: { passages } }));

const { sharpness } = plainRollUp.sentiment;
const sentiment = choose(
  'sentiment',
  [1, 1.5, 2].flatMap((last) => plainestFirst.map((passages) => ({ passages, last, sharpness }))),
  (setting) => ({ ...plainRollUp, sentiment: setting }),
);
const topics = choose(
  'topics with polarity',
  [1, 0.8, 0.6, 0.5, 0.4].flatMap((bothFrom) => plainestFirst.map((passages) => ({ passages, bothFrom }))),
  (setting) => ({ ...plainRollUp, topics: setting }),
);
const weights: RollUpWeights = {
  sentiment: { ...sentiment, sharpness: sharpnessOf(sentiment) },
  topics,
  intents: { passages: shareOf('intents') },
  emotion: { passages: shareOf('emotion') },
  flags: { passages: shareOf('flags') },
};
const fittedOn = `the ${texts.length} held-out texts of several sentences in models/training/data`;
writeFileSync(join(models, 'encoder/roll-up.json'), `${JSON.stringify({ weights, fittedOn }, null, 2)}\n`);
sealModel(join(models, 'encoder'));

/** The exponent that makes the stated confidence what comes true most: least calibration error. */
function sharpnessOf(setting: RollUpWeights['sentiment']): number {
  const tried = [1, 1.25, 1.5, 1.75, 2].map((exponent) => {
    const figures = figuresWith({ ...plainRollUp, sentiment: { ...setting, sharpness: exponent } });
    return { exponent, error: figures.sentiment?.calibrationError ?? Number.NaN };
  });
  console.log('sharpness:', tried.map(({ exponent, error }) => `${exponent} ${error.toFixed(3)}`).join(', '));
  return tried.reduce((least, one) => (one.error < least.error ? one : least)).exponent;
}

import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { mostProbable } from '../analysis/most-probable.ts';
import type { SentenceScores, Thresholds } from '../analysis/sentence-scores.ts';
import type { LabelledText } from '../domain/labelled-text.ts';
import { flagIds, intentIds, polarities, sentiments, topicIds } from '../domain/labels.ts';
import { type FigureName, type Figures, type FoundLabels, figuresOf } from '../insight/label-figures.ts';
import { createHeadReader } from '../model/heads.ts';
import { emotionLabels } from '../model/label-map.ts';
import { type LinearHeads, logitsOf, serializeLinearHeads } from '../model/linear-heads.ts';
import { type Manifest, type ModelFolder, openModelFolder } from '../model/model-folder.ts';
import { blankHeads, type LabelledVector, type RefitBase, refitHeads } from '../model/refit.ts';
import { openSentenceEncoder } from '../model/sentence-encoder.ts';
import { type Judgement, readJudgement, readLinearHeads } from '../model/sentence-scorer.ts';
import { UsageError } from './exit-code.ts';
import type { ModelStore } from './model-store.ts';

export const fewestRows = 50;
const folds = 4;
/** Precisions of the prior that are tried, the freest first. */
const penalties = [10, 100];

/** What came of fitting heads to corrections. */
export interface RefitReport {
  /** Rows that were fitted to. */
  readonly rows: number;
  readonly penalty: number;
  /** The heads there were, on the corrections. */
  readonly before: Partial<Record<FigureName, Figures>>;
  /** Fitted heads, each on corrections that were held out from its fitting. */
  readonly after: Partial<Record<FigureName, Figures>>;
  /** The version that was made; absent where the fitted heads are no better. */
  readonly version?: string;
}

/**
 * Fits the heads of a model to corrected labels, drawn to the heads it has, and keeps them as a new version if they are
 * better on corrections that were held out (four-fold cross-validation). Nothing takes effect until the version is used.
 *
 * @throws UsageError when there are too few rows, DependencyError when the model is broken
 */
export async function refitModel(
  folderPath: string,
  labelsFile: string | undefined,
  texts: readonly LabelledText[],
  store: ModelStore,
): Promise<RefitReport> {
  if (texts.length < fewestRows) {
    throw new UsageError(`${texts.length} labelled texts are too few to fit and hold out; give ${fewestRows} or more`);
  }
  const folder = await openModelFolder(folderPath, labelsFile);
  if (folder === undefined) throw new UsageError(`there is no model in ${folderPath}`);
  const judgement = readJudgement(folder);
  const encoder = await openSentenceEncoder(folder, 'vector');
  const encoded = await encoder.encode(texts.map(({ text }) => text));
  const rows = texts.map(({ text, labels }, index): FoldedRow => {
    return { labels, fold: foldOf(text), vector: encoded[index]?.row ?? new Float32Array(encoder.dimensions) };
  });
  const heads =
    folder.heads === undefined
      ? blankHeads(judgement.labels.width, encoder.dimensions)
      : readLinearHeads(folder, judgement.labels, encoder.dimensions);
  const base: RefitBase = { ...judgement, heads };

  const before = figuresOf(judgedBy(heads, rows, judgement));
  const tried = penalties.map((penalty) => {
    const after = figuresOf(crossJudged(base, rows, penalty, judgement));
    return { penalty, after, score: scoreOf(after) };
  });
  const best = tried.reduce((best, each) => (each.score > best.score ? each : best));
  const report = { rows: rows.length, penalty: best.penalty, before, after: best.after };
  if (best.score <= scoreOf(before)) return report;
  const version = await keep(folder, folderPath, labelsFile, refitHeads(base, rows, best.penalty), report, store);
  return { ...report, version };
}

interface FoldedRow extends LabelledVector {
  readonly fold: number;
}

/** Equal texts fall into one fold, so that none is fitted to and held out at once. */
function foldOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32LE() % folds;
}

function crossJudged(base: RefitBase, rows: readonly FoldedRow[], penalty: number, judgement: Judgement) {
  return Array.from({ length: folds }, (_, fold) => {
    const fitted = refitHeads(
      base,
      rows.filter((row) => row.fold !== fold),
      penalty,
    );
    const heldOut = rows.filter((row) => row.fold === fold);
    return judgedBy(fitted, heldOut, judgement);
  }).flat();
}

function judgedBy(heads: LinearHeads, rows: readonly LabelledVector[], { labels, calibration, decision }: Judgement) {
  const read = createHeadReader(labels, calibration);
  return rows.map(({ vector, labels: given }) => {
    return { given, found: stated(read(logitsOf(heads, vector), false), decision.thresholds) };
  });
}

/** Mean over the kinds of label that were corrected: macro-F1 where a text has one label, else micro-F1. */
function scoreOf({ sentiment, topics, intents, emotion, 'topics with polarity': withPolarity }: RefitReport['before']) {
  const parts = [sentiment?.macroF1, emotion?.macroF1, topics?.microF1, withPolarity?.microF1, intents?.microF1];
  const known = parts.filter((part) => part !== undefined && !Number.isNaN(part));
  return known.reduce<number>((sum, part) => sum + (part ?? 0), 0) / Math.max(1, known.length);
}

/** The labels that scores state, without ranges. */
function stated(scores: SentenceScores, thresholds: Thresholds): FoundLabels {
  const { sentiment, topics, polarities: byTopic, intents, emotion, flags } = scores;
  const felt = emotion && mostProbable(emotionLabels, emotion);
  const label = sentiment && mostProbable(sentiments, sentiment);
  return {
    ...(sentiment && label && { sentiment: { label, score: 0, confidence: sentiment[label] } }),
    ...(topics &&
      byTopic && {
        topics: topicIds
          .filter((id) => topics[id] >= thresholds.topics[id])
          .map((id) => ({
            id,
            polarity: mostProbable(polarities, byTopic[id]),
            confidence: topics[id],
            by: 'model',
            spans: [],
          })),
      }),
    ...(intents && {
      intents: intentIds
        .filter((id) => intents[id] >= thresholds.intents[id])
        .map((id) => ({ id, confidence: intents[id] })),
    }),
    ...(emotion && felt && felt !== 'none' && { emotion: { id: felt, confidence: emotion[felt] } }),
    ...(flags && {
      flags: flagIds.filter((id) => flags[id] >= thresholds.flags[id]).map((id) => ({ id, confidence: flags[id] })),
    }),
  };
}

async function keep(
  folder: ModelFolder,
  folderPath: string,
  labelsFile: string | undefined,
  heads: LinearHeads,
  report: RefitReport,
  store: ModelStore,
): Promise<string> {
  const bytes = serializeLinearHeads(heads);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const manifest: Manifest = {
    name:
      folder.manifest?.name ??
      basename(folderPath)
        .toLowerCase()
        .replace(/[^a-z0-9.-]+/g, '-'),
    version: `${folder.version.split('@')[1]?.split('+')[0] ?? '0'}+refit.${hash.slice(0, 8)}`,
    licence: folder.manifest?.licence ?? 'see where the model comes from',
    files: { ...Object.fromEntries(folder.files), 'heads.bin': hash },
  };
  const version = `${manifest.name}@${manifest.version}`;
  const figures = { before: report.before, after: report.after };
  await store.add(
    version,
    new Map<string, { from: string } | Buffer>([
      ...[...folder.files.keys()].map((file) => {
        const from = file === 'labels.json' && labelsFile ? labelsFile : join(folderPath, file);
        return [file, { from }] as const;
      }),
      ['heads.bin', bytes],
      ['manifest.json', json(manifest)],
      ['refit.json', json({ base: folder.version, rows: report.rows, penalty: report.penalty, figures })],
    ]),
  );
  return version;
}

function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}

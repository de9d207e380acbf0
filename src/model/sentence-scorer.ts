import type { Decision, SentenceScorer } from '../analysis/sentence-scores.ts';
import { type Calibration, calibrationSchema, thresholdsOf, uncalibrated } from './calibration.ts';
import { createHeadReader } from './heads.ts';
import { type LabelMap, labelMapSchema } from './label-map.ts';
import { type LinearHeads, logitsOf, parseLinearHeads } from './linear-heads.ts';
import { type ModelFolder, openModelFolder } from './model-folder.ts';
import { plainRollUp, rollUpSchema } from './roll-up-weights.ts';
import { openSentenceEncoder } from './sentence-encoder.ts';

/**
 * Loads the model of a folder, checks its files and that its output is what its label map describes.
 *
 * @param labelsFile a label map in place of the folder's own, for models made elsewhere
 * @returns undefined if there is no model: no folder, or neither a manifest nor a configuration in it
 * @throws DependencyError (`model`, permanent) if the folder holds a broken model
 */
export async function openSentenceScorer(folderPath: string, labelsFile?: string): Promise<SentenceScorer | undefined> {
  const folder = await openModelFolder(folderPath, labelsFile);
  if (folder === undefined) return undefined;
  const { labels, calibration, decision } = readJudgement(folder);
  const encoder = await openSentenceEncoder(folder, folder.heads === undefined ? 'logits' : 'vector');
  const toLogits = logitsBy(folder, labels, encoder.dimensions);
  const read = createHeadReader(labels, calibration);
  return {
    version: folder.version,
    decision,
    async score(sentences) {
      const rows = await encoder.encode(sentences);
      return rows.map(({ row, truncated }) => read(toLogits(row), truncated));
    },
  };
}

/** What a model folder says of how labels are made of its logits. */
export interface Judgement {
  readonly labels: LabelMap;
  readonly calibration: Calibration;
  readonly decision: Decision;
}

/** Reads label map, calibration and roll-up of a folder; throws a permanent `DependencyError` if they do not fit. */
export function readJudgement(folder: ModelFolder): Judgement {
  const labels = folder.json('labels.json', labelMapSchema);
  const calibrated = folder.files.has('calibration.json');
  const calibration = calibrated ? folder.json('calibration.json', calibrationSchema) : uncalibrated;
  const rollUp = folder.files.has('roll-up.json') ? folder.json('roll-up.json', rollUpSchema).weights : plainRollUp;
  return { labels, calibration, decision: { thresholds: thresholdsOf(calibration), rollUp } };
}

/**
 * Reads `heads.bin` of a folder.
 *
 * @param dimensions length of the sentence vectors
 * @throws DependencyError (`model`, permanent) if it does not fit the label map and the vectors
 */
export function readLinearHeads(folder: ModelFolder, { width }: LabelMap, dimensions: number): LinearHeads {
  const bytes = folder.heads ?? Buffer.of();
  const heads = parseLinearHeads(bytes, width, dimensions);
  if (heads?.weights.every(Number.isFinite) && heads.bias.every(Number.isFinite)) return heads;
  const wanted = `${width} × (${dimensions} + 1) finite numbers`;
  throw folder.broken(`heads.bin has ${bytes.length} bytes, which are not the ${wanted} of labels.json`);
}

function logitsBy(folder: ModelFolder, labels: LabelMap, dimensions: number): (row: Float32Array) => Float32Array {
  if (folder.heads === undefined) {
    if (dimensions === labels.width) return (row) => row;
    throw folder.broken(`it has ${dimensions} outputs, but labels.json says ${labels.width}`);
  }
  const heads = readLinearHeads(folder, labels, dimensions);
  return (row) => logitsOf(heads, row);
}

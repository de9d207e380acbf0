import type { SentenceScorer } from '../analysis/sentence-scores.ts';
import { calibrationSchema, thresholdsOf, uncalibrated } from './calibration.ts';
import { createHeadReader } from './heads.ts';
import { labelMapSchema } from './label-map.ts';
import { logitsOf, parseLinearHeads } from './linear-heads.ts';
import { openModelFolder } from './model-folder.ts';
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
  const labels = folder.json('labels.json', labelMapSchema);
  const calibration = folder.files.has('calibration.json')
    ? folder.json('calibration.json', calibrationSchema)
    : uncalibrated;
  const rollUp = folder.files.has('roll-up.json') ? folder.json('roll-up.json', rollUpSchema).weights : plainRollUp;
  const encoder = await openSentenceEncoder(folder, folder.heads === undefined ? 'logits' : 'vector');
  const toLogits = headsOf(folder.heads);
  const read = createHeadReader(labels, calibration);

  return {
    version: folder.version,
    decision: { thresholds: thresholdsOf(calibration), rollUp },
    async score(sentences) {
      const rows = await encoder.encode(sentences);
      return rows.map(({ row, truncated }) => read(toLogits(row), truncated));
    },
  };

  function headsOf(bytes: Buffer | undefined): (row: Float32Array) => Float32Array {
    const { dimensions } = encoder;
    if (bytes === undefined) {
      if (dimensions === labels.width) return (row) => row;
      throw folder?.broken(`it has ${dimensions} outputs, but labels.json says ${labels.width}`);
    }
    const heads = parseLinearHeads(bytes, labels.width, dimensions);
    const finite = heads?.weights.every(Number.isFinite) && heads.bias.every(Number.isFinite);
    if (heads !== undefined && finite) return (row) => logitsOf(heads, row);
    const wanted = `${labels.width} × (${dimensions} + 1) finite numbers`;
    throw folder?.broken(`heads.bin has ${bytes.length} bytes, which are not the ${wanted} of labels.json`);
  }
}

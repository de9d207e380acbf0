import type { SentenceScorer, SentenceScores } from '../analysis/sentence-scores.ts';
import { openEncoder } from './encoder.ts';
import { readHeads } from './heads.ts';
import { labelMapSchema } from './label-map.ts';
import { microBatches } from './micro-batches.ts';
import { openModelFolder } from './model-folder.ts';
import { cleanupTableSchema, createTextCleanup } from './text-cleanup.ts';

// Measured with bench/model.ts: beyond 16 the batch leaves the cache, below 8 the overhead per call shows.
const microBatchSize = 16;

/**
 * Loads the model of a folder, checks its files and that its output is what its label map describes.
 *
 * @returns undefined if there is no model: no folder, or no manifest in it
 * @throws DependencyError (`model`, permanent) if the folder holds a broken model
 */
export async function openSentenceScorer(folderPath: string): Promise<SentenceScorer | undefined> {
  const folder = await openModelFolder(folderPath);
  if (folder === undefined) return undefined;
  const labels = folder.json('labels.json', labelMapSchema);
  const cleanUp = createTextCleanup(folder.json('textnorm.json', cleanupTableSchema));
  const encoder = await openEncoder(folder);
  const logits = await encoder.logits([encoder.encode(cleanUp('とても良い'))]).catch((cause: unknown) => {
    throw folder.broken('it cannot score a sentence', cause);
  });
  if (logits.length !== labels.width) {
    throw folder.broken(`it has ${logits.length} outputs, but labels.json says ${labels.width}`);
  }
  if (!logits.every(Number.isFinite)) throw folder.broken('its output is not finite');

  return { version: folder.version, score };

  async function score(sentences: readonly string[]): Promise<readonly SentenceScores[]> {
    // Equal sentences (なし, ありがとうございます) have equal scores, so each is computed once.
    const encoded = [...new Set(sentences)].map((sentence) => ({ sentence, ...encoder.encode(cleanUp(sentence)) }));
    const scores = new Map<string, SentenceScores>();
    for (const batch of microBatches(encoded, ({ pieces }) => pieces.length, microBatchSize)) {
      const logits = await encoder.logits(batch);
      batch.forEach(({ sentence, truncated }, row) => {
        const columns = logits.subarray(row * labels.width, (row + 1) * labels.width);
        scores.set(sentence, readHeads(columns, labels, truncated));
      });
    }
    return sentences.flatMap((sentence) => scores.get(sentence) ?? []);
  }
}

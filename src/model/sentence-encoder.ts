import { type EncodedSentence, type Encoder, openEncoder } from './encoder.ts';
import { type BatchLimits, microBatches } from './micro-batches.ts';
import type { ModelFolder } from './model-folder.ts';
import { cleanupTableSchema, createTextCleanup } from './text-cleanup.ts';

/** Measured with bench/model.ts: beyond this the batch leaves the cache, far below it the overhead per call shows. */
export const batchLimits: BatchLimits = { rows: 32, tokens: 1024 };

/** What the model makes of a sentence before the heads. */
export interface EncodedRow {
  /** The sentence vector, or logits; shared by equal sentences. */
  readonly row: Float32Array;
  /** Whether the sentence was longer than the model reads. */
  readonly truncated: boolean;
}

/** Clean-up, tokenizer and transformer behind one function. */
export interface SentenceEncoder {
  readonly output: Encoder['output'];
  /** Length of a row. */
  readonly dimensions: number;
  /** Encodes sentences, same length and order out as in; what comes of one does not depend on its neighbours. */
  encode(sentences: readonly string[]): Promise<readonly EncodedRow[]>;
}

/**
 * Opens the encoder of a model folder and tries it on a sentence.
 *
 * @param output what the graph is asked for
 * @throws DependencyError (`model`, permanent) if it does not work
 */
export async function openSentenceEncoder(folder: ModelFolder, output: Encoder['output']): Promise<SentenceEncoder> {
  const cleanUp = folder.files.has('textnorm.json')
    ? createTextCleanup(folder.json('textnorm.json', cleanupTableSchema))
    : (sentence: string) => sentence;
  const encoder = await openEncoder(folder, output);
  const [trial] = await encode(['とても良い']).catch((cause: unknown) => {
    throw folder.broken('it cannot score a sentence', cause);
  });
  if (trial === undefined || !trial.row.every(Number.isFinite)) throw folder.broken('its output is not finite');

  return { output, dimensions: trial.row.length, encode };

  async function encode(sentences: readonly string[]): Promise<readonly EncodedRow[]> {
    // Equal sentences (なし, ありがとうございます) have equal rows, so each is computed once.
    const pieces = new Map<string, EncodedSentence>();
    for (const sentence of sentences) {
      if (!pieces.has(sentence)) pieces.set(sentence, encoder.encode(cleanUp(sentence)));
    }
    const rows = new Map<string, EncodedRow>();
    for (const batch of microBatches([...pieces], ([, encoded]) => encoded.pieces.length, batchLimits)) {
      const computed = await encoder.run(batch.map(([, encoded]) => encoded));
      for (const [index, [sentence, { truncated }]] of batch.entries()) {
        const row = computed[index];
        if (row !== undefined) rows.set(sentence, { row, truncated });
      }
    }
    return sentences.flatMap((sentence) => rows.get(sentence) ?? []);
  }
}

import { BertModel, env, Tensor, XLMRobertaTokenizer } from '@xenova/transformers';
import onnxruntime from 'onnxruntime-node';
import { z } from 'zod';
import type { ModelFolder } from './model-folder.ts';

/** A sentence as the encoder reads it. */
export interface EncodedSentence {
  /** Ids of its pieces with the special pieces around them; at most the model's length. */
  readonly pieces: readonly number[];
  /** Whether pieces were cut off. */
  readonly truncated: boolean;
}

/** The transformer of a model folder, on one core. */
export interface Encoder {
  /** Splits a cleaned sentence into pieces. */
  encode(sentence: string): EncodedSentence;
  /** Logits, one row per sentence in the same order; computes all of them at once, padded to the longest. */
  logits(batch: readonly EncodedSentence[]): Promise<Float32Array>;
}

const tokenizerConfigSchema = z.looseObject({
  tokenizer_class: z.literal('XLMRobertaTokenizer'),
  model_max_length: z.int().min(3),
});
const modelConfigSchema = z.looseObject({ model_type: z.literal('bert'), pad_token_id: z.int().min(0) });
const outputSchema = z.object({ logits: z.object({ data: z.instanceof(Float32Array) }) });

// No piece of the vocabulary is longer than 13 characters, so what lies behind this many per piece cannot be read.
// The tokenizer's time and memory then stay bounded whatever the sentence.
const charactersPerPiece = 16;

/**
 * Loads tokenizer and weights through transformers.js, from the folder's files and nowhere else.
 *
 * @throws DependencyError (`model`, permanent) if the files are not an encoder
 */
export async function openEncoder(folder: ModelFolder): Promise<Encoder> {
  env.allowRemoteModels = false;
  const config = folder.json('config.json', modelConfigSchema);
  const tokenizerConfig = folder.json('tokenizer_config.json', tokenizerConfigSchema);
  const vocabulary = folder.json('tokenizer.json', z.looseObject({}));
  const { tokenizer, model } = await load().catch((cause: unknown) => {
    throw folder.broken('it cannot be loaded', cause);
  });
  const maxPieces = tokenizerConfig.model_max_length;
  const maxCharacters = maxPieces * charactersPerPiece;

  return {
    encode(sentence) {
      const read = sentence.slice(0, maxCharacters);
      const pieces = tokenizer.encode(read);
      const last = pieces.at(-1);
      if (pieces.length <= maxPieces || last === undefined) return { pieces, truncated: read.length < sentence.length };
      // As in training: the closing piece stays (the library's own truncation loses it).
      return { pieces: [...pieces.slice(0, maxPieces - 1), last], truncated: true };
    },

    async logits(batch) {
      const longest = Math.max(...batch.map(({ pieces }) => pieces.length));
      const ids = new BigInt64Array(batch.length * longest).fill(BigInt(config.pad_token_id));
      const mask = new BigInt64Array(batch.length * longest);
      batch.forEach(({ pieces }, row) => {
        pieces.forEach((piece, column) => {
          ids[row * longest + column] = BigInt(piece);
          mask[row * longest + column] = 1n;
        });
      });
      const dimensions = [batch.length, longest];
      const input = {
        input_ids: new Tensor('int64', ids, dimensions),
        attention_mask: new Tensor('int64', mask, dimensions),
      };
      return outputSchema.parse(await model(input)).logits.data;
    },
  };

  async function load() {
    // The session is made here because transformers.js hands over a buffer, and onnxruntime-node 1.14 ignores every
    // option that comes with a buffer: every session would then compute on all cores.
    const session = await onnxruntime.InferenceSession.create(folder.path('onnx/model_quantized.onnx'), {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
    return { tokenizer: new XLMRobertaTokenizer(vocabulary, tokenizerConfig), model: new BertModel(config, session) };
  }
}

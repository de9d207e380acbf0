import { AutoTokenizer, env } from '@xenova/transformers';
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
  /** What a row of output is: the pooled sentence vector, or logits where the model has its heads inside. */
  readonly output: 'vector' | 'logits';
  /** Splits a cleaned sentence into pieces. */
  encode(sentence: string): EncodedSentence;
  /** One row of output per sentence in the same order; computes all of them at once, padded to the longest. */
  run(batch: readonly EncodedSentence[]): Promise<Float32Array[]>;
}

const tokenizerClasses: Readonly<Record<string, (typeof AutoTokenizer.TOKENIZER_CLASS_MAPPING)['BertTokenizer']>> =
  AutoTokenizer.TOKENIZER_CLASS_MAPPING;
const tokenizerConfigSchema = z.looseObject({
  tokenizer_class: z
    .string()
    .transform((name) => name.replace(/Fast$/, ''))
    .refine((name) => Object.hasOwn(tokenizerClasses, name), { message: 'is no tokenizer that transformers.js knows' }),
  model_max_length: z.number().min(3).optional(),
});
const modelConfigSchema = z.looseObject({
  max_position_embeddings: z.int().min(8).optional(),
  pad_token_id: z.int().min(0).default(0),
});
const outputSchema = z.object({ data: z.instanceof(Float32Array), dims: z.array(z.number()) });

// No piece of the vocabulary is longer than 13 characters, so what lies behind this many per piece cannot be read.
// The tokenizer's time and memory then stay bounded whatever the sentence.
const charactersPerPiece = 16;
/** Attention costs the square of it; a sentence is shorter. */
const mostPieces = 512;

/**
 * Loads the tokenizer through transformers.js and the graph into onnxruntime, from the folder's files and nowhere else.
 * A graph whose heads lie apart (`heads.bin`) is asked for the sentence vector: its output `embedding` or
 * `sentence_embedding`, or else the mean of `last_hidden_state` over the pieces. Any other graph is asked for `logits`.
 *
 * @throws DependencyError (`model`, permanent) if the files are not an encoder
 */
export async function openEncoder(folder: ModelFolder, output: Encoder['output']): Promise<Encoder> {
  env.allowRemoteModels = false;
  const config = folder.json('config.json', modelConfigSchema);
  const tokenizerConfig = folder.json('tokenizer_config.json', tokenizerConfigSchema);
  const vocabulary = folder.json('tokenizer.json', z.looseObject({}));
  const { tokenizer, session } = await load().catch((cause: unknown) => {
    throw folder.broken('it cannot be loaded', cause);
  });
  const name = outputName(session.outputNames);
  const wantsSegments = session.inputNames.includes('token_type_ids');
  // Models of RoBERTa's kind number their positions from two.
  const positions = (config.max_position_embeddings ?? mostPieces + 2) - 2;
  const maxPieces = Math.min(tokenizerConfig.model_max_length ?? mostPieces, positions, mostPieces);
  const maxCharacters = maxPieces * charactersPerPiece;

  return {
    output,
    encode(sentence) {
      const read = sentence.slice(0, maxCharacters);
      const pieces = tokenizer.encode(read);
      const last = pieces.at(-1);
      if (pieces.length <= maxPieces || last === undefined) return { pieces, truncated: read.length < sentence.length };
      // As in training: the closing piece stays (the library's own truncation loses it).
      return { pieces: [...pieces.slice(0, maxPieces - 1), last], truncated: true };
    },

    async run(batch) {
      const longest = Math.max(1, ...batch.map(({ pieces }) => pieces.length));
      const ids = new BigInt64Array(batch.length * longest).fill(BigInt(config.pad_token_id));
      const mask = new BigInt64Array(batch.length * longest);
      batch.forEach(({ pieces }, row) => {
        pieces.forEach((piece, column) => {
          ids[row * longest + column] = BigInt(piece);
          mask[row * longest + column] = 1n;
        });
      });
      const tensor = (data: BigInt64Array) => new onnxruntime.Tensor('int64', data, [batch.length, longest]);
      const input = {
        input_ids: tensor(ids),
        attention_mask: tensor(mask),
        ...(wantsSegments && { token_type_ids: tensor(new BigInt64Array(ids.length)) }),
      };
      // All outputs are asked for: onnxruntime-node 1.14 gives a single one back under the name of the first.
      const { data, dims } = outputSchema.parse((await session.run(input))[name]);
      const [rows, ...shape] = dims;
      if (rows !== batch.length || shape.length !== (name === 'last_hidden_state' ? 2 : 1)) {
        throw new Error(`${name} has the shape ${dims.join(' × ')}`);
      }
      const width = data.length / rows;
      return batch.map(({ pieces }, row) => {
        const own = data.slice(row * width, (row + 1) * width);
        return name === 'last_hidden_state' ? mean(own, pieces.length, width / longest) : own;
      });
    },
  };

  async function load() {
    // Not through transformers.js, which hands over a buffer: onnxruntime-node 1.14 ignores every option that comes
    // with a buffer, and every session would then compute on all cores.
    const session = await onnxruntime.InferenceSession.create(folder.graphPath, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
    const Tokenizer =
      tokenizerClasses[tokenizerConfig.tokenizer_class] ?? AutoTokenizer.TOKENIZER_CLASS_MAPPING.PreTrainedTokenizer;
    return { tokenizer: new Tokenizer(vocabulary, tokenizerConfig), session };
  }

  function outputName(names: readonly string[]): string {
    const wanted = output === 'logits' ? ['logits'] : ['embedding', 'sentence_embedding', 'last_hidden_state'];
    const found = wanted.find((each) => names.includes(each));
    if (found === undefined) {
      const hint = output === 'logits' ? '; if it makes sentence vectors, fit heads for it with koe model refit' : '';
      throw folder.broken(`its graph has the outputs ${names.join(', ')} and not ${wanted.join(' or ')}${hint}`);
    }
    return found;
  }
}

/** Mean of the first rows of a matrix. */
function mean(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const sum = new Float32Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      sum[column] = (sum[column] as number) + (matrix[row * columns + column] as number);
    }
  }
  return sum.map((value) => value / rows);
}

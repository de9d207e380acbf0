/** The heads of a model as one matrix: logits = W·x + b. */
export interface LinearHeads {
  /** Number of logits. */
  readonly width: number;
  /** Length of a sentence vector. */
  readonly dimensions: number;
  /** `width` rows of `dimensions` weights. */
  readonly weights: Float32Array;
  /** One per logit. */
  readonly bias: Float32Array;
}

/**
 * Reads `heads.bin`: little-endian float32, the weights row by row, then the biases.
 *
 * @returns undefined if the bytes are not as many as that takes
 */
export function parseLinearHeads(bytes: Buffer, width: number, dimensions: number): LinearHeads | undefined {
  if (bytes.length !== 4 * width * (dimensions + 1)) return undefined;
  const numbers = Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(4 * index));
  return {
    width,
    dimensions,
    weights: numbers.subarray(0, width * dimensions),
    bias: numbers.subarray(width * dimensions),
  };
}

/** The bytes of `heads.bin`. */
export function serializeLinearHeads({ weights, bias }: LinearHeads): Buffer {
  const bytes = Buffer.alloc(4 * (weights.length + bias.length));
  weights.forEach((weight, index) => {
    bytes.writeFloatLE(weight, 4 * index);
  });
  bias.forEach((value, index) => {
    bytes.writeFloatLE(value, 4 * (weights.length + index));
  });
  return bytes;
}

/** The logits of one sentence vector. */
export function logitsOf({ width, dimensions, weights, bias }: LinearHeads, vector: Float32Array): Float32Array {
  const logits = new Float32Array(width);
  for (let row = 0; row < width; row++) {
    let sum = bias[row] as number;
    const start = row * dimensions;
    for (let index = 0; index < dimensions; index++) {
      sum += (weights[start + index] as number) * (vector[index] as number);
    }
    logits[row] = sum;
  }
  return logits;
}

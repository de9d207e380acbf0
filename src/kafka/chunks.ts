/** How much of a fetched batch is handled at a time. */
export interface ChunkLimits {
  readonly messages: number;
  readonly bytes: number;
}

/**
 * Cuts a list into consecutive chunks that keep to both limits; an item larger than the byte limit is a chunk of its
 * own. Lazy, so that what is derived from a chunk can be collected before the next one is made.
 */
export function* chunksOf<T>(items: readonly T[], limits: ChunkLimits, bytesOf: (item: T) => number): Generator<T[]> {
  let chunk: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const more = bytesOf(item);
    if (chunk.length > 0 && (chunk.length >= limits.messages || bytes + more > limits.bytes)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(item);
    bytes += more;
  }
  if (chunk.length > 0) yield chunk;
}

/** One line of an input with its number, from 1, or a note that it was longer than allowed. */
export interface Line {
  readonly number: number;
  /** Without its line break; cut short where `tooLong`. */
  readonly bytes: Buffer;
  readonly tooLong: boolean;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Reads lines in batches as they arrive: a slow input is handled line by line, a fast one in full batches. Memory
 * stays bounded by the longest line allowed, whatever the input holds.
 *
 * @param maxBytes bytes of a line; what goes beyond is skipped and the line marked as too long
 */
export async function* lineBatches(
  input: AsyncIterable<Buffer | string>,
  maxLines: number,
  maxBytes: number,
): AsyncGenerator<Line[]> {
  let number = 0;
  let parts: Buffer[] = [];
  let size = 0;
  let batch: Line[] = [];
  const add = (part: Buffer) => {
    // One byte more than allowed is kept, so that a line that is too long can be told.
    const room = maxBytes + 1 - size;
    if (room > 0) parts.push(part.subarray(0, room));
    size = Math.min(size + part.length, maxBytes + 1);
  };
  const end = () => {
    const joined = Buffer.concat(parts);
    const bytes = joined.at(-1) === carriageReturn ? joined.subarray(0, -1) : joined;
    batch.push({ number: ++number, bytes, tooLong: size > maxBytes });
    parts = [];
    size = 0;
  };
  for await (const piece of input) {
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, from)) {
      add(chunk.subarray(from, at));
      end();
      from = at + 1;
      if (batch.length === maxLines) {
        yield batch;
        batch = [];
      }
    }
    if (from < chunk.length) add(Buffer.from(chunk.subarray(from)));
    if (batch.length > 0) yield batch;
    batch = [];
  }
  if (size > 0) end();
  if (batch.length > 0) yield batch;
}

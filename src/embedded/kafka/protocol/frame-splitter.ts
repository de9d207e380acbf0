import { MalformedRequestError } from './wire.ts';

const LENGTH_BYTES = 4;

/** Cuts a stream of bytes into the requests it consists of: each a signed 32-bit length and as many bytes. */
export class FrameSplitter {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** @param maxBytes the largest request; a larger one is refused when its length is read, before it is kept */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @returns the requests they complete, without their lengths, in order
   * @throws MalformedRequestError when a length is negative or too large
   */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const frames: Buffer[] = [];
    for (let need = this.#needed(); need <= this.#bytes; need = this.#needed()) {
      const joined = this.#join();
      const end = LENGTH_BYTES + joined.readInt32BE(0);
      frames.push(joined.subarray(LENGTH_BYTES, end));
      this.#chunks = end < joined.length ? [joined.subarray(end)] : [];
      this.#bytes = joined.length - end;
    }
    return frames;
  }

  /** Bytes that must be there for the next request to be whole. */
  #needed(): number {
    if (this.#bytes < LENGTH_BYTES) return LENGTH_BYTES;
    const first = this.#chunks[0]?.length ?? 0;
    const head = first >= LENGTH_BYTES ? this.#chunks[0] : this.#join();
    const length = head?.readInt32BE(0) ?? 0;
    if (length < 0 || length > this.#maxBytes) {
      throw new MalformedRequestError(`a request of ${length} bytes, ${this.#maxBytes} are allowed`);
    }
    return LENGTH_BYTES + length;
  }

  /** Makes the kept chunks one. */
  #join(): Buffer {
    const [only] = this.#chunks;
    if (only !== undefined && this.#chunks.length === 1) return only;
    const joined = Buffer.concat(this.#chunks, this.#bytes);
    this.#chunks = [joined];
    return joined;
  }
}

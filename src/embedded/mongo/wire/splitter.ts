import { MongoFault } from '../errors.ts';
import { maxMessageBytes } from './message.ts';

/** Cuts a stream of bytes into wire messages by their length prefix. */
export class MessageSplitter {
  #chunks: Buffer[] = [];
  #length = 0;

  /** Takes bytes in and gives the messages they complete; throws 17 ProtocolError on an impossible length. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const messages: Buffer[] = [];
    for (;;) {
      const size = this.#size();
      if (size === undefined || this.#length < size) return messages;
      const [only = chunk, second] = this.#chunks;
      const all = second === undefined ? only : Buffer.concat(this.#chunks);
      messages.push(all.subarray(0, size));
      this.#chunks = all.length > size ? [all.subarray(size)] : [];
      this.#length = all.length - size;
    }
  }

  #size(): number | undefined {
    if (this.#length < 16) return undefined;
    const first = this.#chunks[0];
    if (first !== undefined && first.length < 16) this.#chunks = [Buffer.concat(this.#chunks)];
    const size = this.#chunks[0]?.readInt32LE(0) ?? 0;
    if (size < 21 || size > maxMessageBytes) throw new MongoFault(17, `message of ${size} bytes`);
    return size;
  }
}

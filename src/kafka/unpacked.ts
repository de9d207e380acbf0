/** Bytes one record batch may hold once unpacked; brokers take batches of 1 MiB packed unless told otherwise. */
export const maxUnpackedBatchBytes = 64 * 1024 * 1024;

/** Bytes that are being unpacked: they grow at the end, may repeat what is already there, and end at the limit. */
export class Unpacked {
  #bytes: Buffer;
  #length = 0;

  /** @param expected a guess of the final length in bytes */
  constructor(expected: number) {
    this.#bytes = Buffer.allocUnsafe(Math.min(Math.max(expected, 64), maxUnpackedBatchBytes));
  }

  get length(): number {
    return this.#length;
  }

  append(bytes: Buffer): void {
    this.#reserve(bytes.length);
    bytes.copy(this.#bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Appends `length` bytes that begin `distance` before the end; they may run into what is being appended. */
  repeat(distance: number, length: number): void {
    if (distance < 1 || distance > this.#length) throw new RangeError('repeats bytes from before the beginning');
    this.#reserve(length);
    const from = this.#length - distance;
    if (distance >= length) this.#bytes.copyWithin(this.#length, from, from + length);
    else for (let at = 0; at < length; at += 1) this.#bytes[this.#length + at] = this.#bytes[from + at] ?? 0;
    this.#length += length;
  }

  toBuffer(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed > maxUnpackedBatchBytes) throw new RangeError(`unpacks to more than ${maxUnpackedBatchBytes} bytes`);
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.min(Math.max(needed, this.#bytes.length * 2), maxUnpackedBatchBytes));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

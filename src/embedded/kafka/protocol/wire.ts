/** Thrown when a request's bytes do not follow the protocol; the connection that sent them is closed. */
export class MalformedRequestError extends Error {
  override readonly name = 'MalformedRequestError';
}

const TWO_TO_32 = 2 ** 32;
const MAX_INT32 = 2 ** 31 - 1;

/** Reads a signed 64-bit big-endian integer as a number: exact up to 2^53, which no offset of this broker exceeds. */
export function readInt64(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) * TWO_TO_32 + buffer.readUInt32BE(at + 4);
}

/** Writes a number as a signed 64-bit big-endian integer; what a client sent beyond 2^53 comes out rounded. */
export function writeInt64(buffer: Buffer, value: number, at: number): void {
  buffer.writeInt32BE(Math.min(Math.floor(value / TWO_TO_32), MAX_INT32), at);
  buffer.writeUInt32BE(((value % TWO_TO_32) + TWO_TO_32) % TWO_TO_32, at + 4);
}

/**
 * Reads the primitive types of the Kafka protocol from one request; bytes are returned as views, never copied.
 *
 * Every method throws MalformedRequestError when the request ends early or carries an impossible length.
 * Source: https://kafka.apache.org/protocol#protocol_types
 */
export class Reader {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  int8(): number {
    return this.#buffer.readInt8(this.#take(1));
  }

  int16(): number {
    return this.#buffer.readInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#buffer.readInt32BE(this.#take(4));
  }

  int64(): number {
    return readInt64(this.#buffer, this.#take(8));
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  string(): string {
    const value = this.nullableString();
    if (value === null) throw new MalformedRequestError('a string that must be present is null');
    return value;
  }

  nullableString(): string | null {
    const length = this.int16();
    if (length === -1) return null;
    const start = this.#take(length);
    return this.#buffer.toString('utf8', start, start + length);
  }

  bytes(): Buffer {
    const value = this.nullableBytes();
    if (value === null) throw new MalformedRequestError('bytes that must be present are null');
    return value;
  }

  nullableBytes(): Buffer | null {
    const length = this.int32();
    if (length === -1) return null;
    const start = this.#take(length);
    return this.#buffer.subarray(start, start + length);
  }

  array<T>(item: () => T): T[] {
    const items = this.nullableArray(item);
    if (items === null) throw new MalformedRequestError('an array that must be present is null');
    return items;
  }

  nullableArray<T>(item: () => T): T[] | null {
    const length = this.int32();
    if (length === -1) return null;
    // Every item takes at least one byte, so a longer array is garbage that must not become a long loop.
    if (length < 0 || length > this.#buffer.length - this.#at) {
      throw new MalformedRequestError(`an array of ${length} items does not fit the request`);
    }
    const items: T[] = [];
    for (let index = 0; index < length; index++) items.push(item());
    return items;
  }

  #take(length: number): number {
    const start = this.#at;
    if (length < 0 || start + length > this.#buffer.length) {
      throw new MalformedRequestError(`the request ends before ${length} more bytes`);
    }
    this.#at = start + length;
    return start;
  }
}

const INITIAL_CHUNK = 512;
const COPY_LIMIT = 1024;

/**
 * Writes the primitive types of the Kafka protocol into one framed response.
 *
 * Large byte values are kept as references and leave as separate parts, so fetched records are never copied.
 * Source: https://kafka.apache.org/protocol#protocol_types
 */
export class Writer {
  readonly #parts: Buffer[] = [];
  #partBytes = 0;
  #chunk = Buffer.allocUnsafe(INITIAL_CHUNK);
  #at = 4;

  int8(value: number): this {
    const at = this.#reserve(1);
    this.#chunk.writeInt8(value, at);
    return this;
  }

  int16(value: number): this {
    const at = this.#reserve(2);
    this.#chunk.writeInt16BE(value, at);
    return this;
  }

  int32(value: number): this {
    const at = this.#reserve(4);
    this.#chunk.writeInt32BE(value, at);
    return this;
  }

  int64(value: number): this {
    const at = this.#reserve(8);
    writeInt64(this.#chunk, value, at);
    return this;
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const length = Buffer.byteLength(value);
    this.int16(length);
    const at = this.#reserve(length);
    this.#chunk.write(value, at, 'utf8');
    return this;
  }

  bytes(value: Buffer | null): this {
    if (value === null) return this.int32(-1);
    this.int32(value.length);
    if (value.length <= COPY_LIMIT) {
      const at = this.#reserve(value.length);
      value.copy(this.#chunk, at);
      return this;
    }
    this.#seal();
    this.#parts.push(value);
    this.#partBytes += value.length;
    return this;
  }

  array<T>(items: readonly T[] | null, write: (item: T) => void): this {
    this.int32(items === null ? -1 : items.length);
    for (const item of items ?? []) write(item);
    return this;
  }

  /** Ends the response: returns its parts in order, the first starting with the length of all that follows. */
  frame(): Buffer[] {
    this.#seal();
    this.#parts[0]?.writeInt32BE(this.#partBytes - 4, 0);
    return this.#parts;
  }

  #seal(): void {
    this.#parts.push(this.#chunk.subarray(0, this.#at));
    this.#partBytes += this.#at;
    this.#chunk = Buffer.allocUnsafe(INITIAL_CHUNK);
    this.#at = 0;
  }

  /** Makes room and returns where; it may replace the chunk, so it is called before the chunk is touched. */
  #reserve(length: number): number {
    const start = this.#at;
    const end = start + length;
    if (end > this.#chunk.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.#chunk.length * 2));
      this.#chunk.copy(larger, 0, 0, start);
      this.#chunk = larger;
    }
    this.#at = end;
    return start;
  }
}

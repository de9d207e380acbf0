import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { MongoFault } from '../errors.ts';
import { Doc, isInt32 } from './doc.ts';

const maxDepth = 180;

/** Slots of the cache of short strings: field names and enumerated values are decoded once and shared. */
const cacheSize = 8192;
const cachedLength = 32;

/**
 * Decodes BSON (https://bsonspec.org/spec.html) to {@link Doc}s. Unlike the `bson` package's parser it keeps the
 * difference of double 1.0 and int32 1, and it shares equal short strings.
 */
export class BsonReader {
  readonly #strings: (string | undefined)[] = new Array(cacheSize).fill(undefined);
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  /** Decodes the document that starts at `offset` and must end within the buffer; throws 22 InvalidBSON. */
  read(bytes: Buffer, offset = 0): Doc {
    this.#bytes = bytes;
    this.#at = offset;
    try {
      return this.#document(0);
    } catch (error) {
      if (error instanceof RangeError) throw new MongoFault(22, 'BSON document runs over its end');
      throw error;
    } finally {
      this.#bytes = Buffer.alloc(0);
    }
  }

  #end(): number {
    const start = this.#at;
    const size = this.#bytes.readInt32LE(start);
    const end = start + size;
    if (size < 5 || end > this.#bytes.length || this.#bytes[end - 1] !== 0) {
      throw new MongoFault(22, `invalid BSON length ${size}`);
    }
    this.#at = start + 4;
    return end - 1;
  }

  #document(depth: number): Doc {
    if (depth > maxDepth) throw new MongoFault(15, `BSON nested deeper than ${maxDepth} levels`);
    const end = this.#end();
    const doc = new Doc();
    while (this.#at < end) {
      const type = this.#bytes[this.#at++];
      const name = this.#cstring(end);
      doc[name] = this.#value(type, depth);
    }
    this.#close(end);
    return doc;
  }

  #array(depth: number): unknown[] {
    if (depth > maxDepth) throw new MongoFault(15, `BSON nested deeper than ${maxDepth} levels`);
    const end = this.#end();
    const list: unknown[] = [];
    while (this.#at < end) {
      const type = this.#bytes[this.#at++];
      while (this.#bytes[this.#at++] !== 0) if (this.#at >= end) throw new MongoFault(22, 'unterminated array index');
      list.push(this.#value(type, depth));
    }
    this.#close(end);
    // A list that grew by pushing has room for 17 values; a copy has room for its own.
    return list.length < 12 ? list.slice() : list;
  }

  #close(end: number): void {
    if (this.#at !== end) throw new MongoFault(22, 'BSON element runs over the end of its document');
    this.#at = end + 1;
  }

  #value(type: number | undefined, depth: number): unknown {
    const bytes = this.#bytes;
    const at = this.#at;
    switch (type) {
      case 0x01: {
        this.#at = at + 8;
        const number = bytes.readDoubleLE(at);
        return isInt32(number) ? new Double(number) : number;
      }
      case 0x02:
        return this.#string();
      case 0x03:
        return this.#document(depth + 1);
      case 0x04:
        return this.#array(depth + 1);
      case 0x05: {
        const size = this.#length(bytes.readInt32LE(at), at + 5);
        this.#at = at + 5 + size;
        return new Binary(Buffer.from(bytes.subarray(at + 5, at + 5 + size)), bytes[at + 4]);
      }
      case 0x07:
        this.#length(12, at);
        this.#at = at + 12;
        return new ObjectId(Uint8Array.prototype.slice.call(bytes, at, at + 12));
      case 0x08:
        this.#at = at + 1;
        return bytes[at] === 1;
      case 0x09: {
        this.#at = at + 8;
        const date = new Date(bytes.readInt32LE(at + 4) * 4294967296 + bytes.readUInt32LE(at));
        if (Number.isNaN(date.getTime())) throw new MongoFault(2, 'a date beyond the years this server can hold');
        return date;
      }
      case 0x06:
      case 0x0a:
        return null;
      case 0x0b:
        return new BSONRegExp(this.#cstring(bytes.length), this.#cstring(bytes.length));
      case 0x0d:
        return new Code(this.#string());
      case 0x0e:
        return new BSONSymbol(this.#string());
      case 0x10:
        this.#at = at + 4;
        return bytes.readInt32LE(at);
      case 0x11:
        this.#at = at + 8;
        return new Timestamp({ t: bytes.readUInt32LE(at + 4), i: bytes.readUInt32LE(at) });
      case 0x12:
        this.#at = at + 8;
        return new Long(bytes.readInt32LE(at), bytes.readInt32LE(at + 4));
      case 0x13:
        this.#length(16, at);
        this.#at = at + 16;
        return new Decimal128(Uint8Array.prototype.slice.call(bytes, at, at + 16));
      case 0xff:
        return new MinKey();
      case 0x7f:
        return new MaxKey();
      default:
        throw new MongoFault(22, `unknown or deprecated BSON type 0x${(type ?? 0).toString(16)}`);
    }
  }

  #length(size: number, from: number): number {
    if (size < 0 || from + size > this.#bytes.length) throw new MongoFault(22, `invalid BSON length ${size}`);
    return size;
  }

  #string(): string {
    const start = this.#at + 4;
    const size = this.#length(this.#bytes.readInt32LE(this.#at), start);
    if (size < 1 || this.#bytes[start + size - 1] !== 0) throw new MongoFault(22, 'unterminated BSON string');
    this.#at = start + size;
    return this.#text(start, start + size - 1);
  }

  #cstring(limit: number): string {
    const start = this.#at;
    const bytes = this.#bytes;
    let at = start;
    while (bytes[at] !== 0) if (++at >= limit) throw new MongoFault(22, 'unterminated BSON name');
    this.#at = at + 1;
    return this.#text(start, at);
  }

  #text(start: number, end: number): string {
    const bytes = this.#bytes;
    const length = end - start;
    if (length === 0) return '';
    if (length > cachedLength) return bytes.toString('utf8', start, end);
    let hash = length;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    const slot = (hash ^ (hash >>> 13)) & (cacheSize - 1);
    const cached = this.#strings[slot];
    if (cached !== undefined && cached.length === length) {
      let at = 0;
      while (at < length && cached.charCodeAt(at) === bytes[start + at]) at++;
      // A cached string with a character beyond ASCII never gets here: its bytes are more than its characters.
      if (at === length) return cached;
    }
    const text = bytes.toString('utf8', start, end);
    if (text.length === length) this.#strings[slot] = text;
    return text;
  }
}

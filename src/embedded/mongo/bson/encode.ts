import type { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, Long, ObjectId, Timestamp } from 'bson';
import { MongoFault } from '../errors.ts';
import { bsonClass, Doc, isInt32, RawBson } from './doc.ts';

/** Writes {@link Doc}s as BSON (https://bsonspec.org/spec.html) into a buffer that grows and is used again. */
export class BsonWriter {
  #bytes: Buffer = Buffer.allocUnsafe(4096);
  #at = 0;

  /** Bytes written since the last {@link take}. */
  get length(): number {
    return this.#at;
  }

  /** A copy of everything written; the writer starts again at nothing. */
  take(): Buffer {
    const copy = Buffer.from(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
    if (this.#bytes.length > 1 << 22) this.#bytes = Buffer.allocUnsafe(4096);
    return copy;
  }

  /** Takes back what was written after `length`. */
  rewind(length: number): void {
    this.#at = length;
  }

  /** Appends one document. */
  document(doc: Doc): void {
    const start = this.#begin();
    for (const name in doc) {
      const value = doc[name];
      if (value !== undefined) this.#element(name, value);
    }
    this.#finish(start);
  }

  #begin(): number {
    const start = this.#at;
    this.#room(8);
    this.#at += 4;
    return start;
  }

  #finish(start: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = 0;
    this.#bytes.writeInt32LE(this.#at - start, start);
  }

  #room(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + size));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  #name(type: number, name: string): void {
    this.#room(name.length * 3 + 16);
    this.#bytes[this.#at++] = type;
    this.#cstring(name);
  }

  #cstring(text: string): void {
    this.#room(text.length * 3 + 1);
    if (text.includes('\0')) throw new MongoFault(2, 'a field name or pattern must not contain a null byte');
    this.#at += this.#ascii(text, this.#at);
    this.#bytes[this.#at++] = 0;
  }

  /** Writes text that has room already, short ASCII text without leaving JavaScript. */
  #ascii(text: string, at: number): number {
    const bytes = this.#bytes;
    const length = text.length;
    if (length < 32) {
      let index = 0;
      for (; index < length; index++) {
        const code = text.charCodeAt(index);
        if (code > 0x7f) break;
        bytes[at + index] = code;
      }
      if (index === length) return length;
    }
    return bytes.write(text, at, 'utf8');
  }

  #element(name: string, value: unknown): void {
    switch (typeof value) {
      case 'string':
        this.#name(0x02, name);
        this.#string(value);
        return;
      case 'number':
        if (isInt32(value)) {
          this.#name(0x10, name);
          this.#at = this.#bytes.writeInt32LE(value, this.#at);
        } else {
          this.#name(0x01, name);
          this.#at = this.#bytes.writeDoubleLE(value, this.#at);
        }
        return;
      case 'boolean':
        this.#name(0x08, name);
        this.#bytes[this.#at++] = value ? 1 : 0;
        return;
    }
    if (value === null) this.#name(0x0a, name);
    else if (value instanceof Doc) {
      this.#name(0x03, name);
      this.document(value);
    } else if (Array.isArray(value)) {
      this.#name(0x04, name);
      const start = this.#begin();
      for (let index = 0; index < value.length; index++) this.#element(String(index), value[index] ?? null);
      this.#finish(start);
    } else if (value instanceof RawBson) {
      this.#name(0x03, name);
      this.#raw(value.bytes);
    } else if (value instanceof Date) {
      this.#name(0x09, name);
      const time = value.getTime();
      const high = Math.floor(time / 4294967296);
      this.#at = this.#bytes.writeInt32LE((time - high * 4294967296) | 0, this.#at);
      this.#at = this.#bytes.writeInt32LE(high, this.#at);
    } else this.#object(name, value);
  }

  #raw(bytes: Uint8Array): void {
    this.#room(bytes.length + 16);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #string(text: string): void {
    this.#room(text.length * 3 + 16);
    const size = this.#ascii(text, this.#at + 4);
    this.#bytes.writeInt32LE(size + 1, this.#at);
    this.#at += 4 + size;
    this.#bytes[this.#at++] = 0;
  }

  #int64(low: number, high: number): void {
    this.#at = this.#bytes.writeInt32LE(low | 0, this.#at);
    this.#at = this.#bytes.writeInt32LE(high | 0, this.#at);
  }

  #object(name: string, value: unknown): void {
    switch (bsonClass(value)) {
      case 'Double':
        this.#name(0x01, name);
        this.#at = this.#bytes.writeDoubleLE((value as Double).value, this.#at);
        return;
      case 'ObjectId':
        this.#name(0x07, name);
        this.#raw((value as ObjectId).id);
        return;
      case 'Long':
        this.#name(0x12, name);
        this.#int64((value as Long).low, (value as Long).high);
        return;
      case 'Timestamp':
        this.#name(0x11, name);
        this.#int64((value as Timestamp).low, (value as Timestamp).high);
        return;
      case 'Binary': {
        const binary = value as Binary;
        this.#name(0x05, name);
        this.#at = this.#bytes.writeInt32LE(binary.position, this.#at);
        this.#bytes[this.#at++] = binary.sub_type;
        this.#raw(binary.buffer.subarray(0, binary.position));
        return;
      }
      case 'Decimal128':
        this.#name(0x13, name);
        this.#raw((value as Decimal128).bytes);
        return;
      case 'BSONRegExp':
        this.#name(0x0b, name);
        this.#cstring((value as BSONRegExp).pattern);
        this.#cstring((value as BSONRegExp).options);
        return;
      case 'Code':
        this.#name(0x0d, name);
        this.#string(String((value as Code).code));
        return;
      case 'BSONSymbol':
        this.#name(0x0e, name);
        this.#string((value as BSONSymbol).value);
        return;
      case 'MinKey':
        this.#name(0xff, name);
        return;
      case 'MaxKey':
        this.#name(0x7f, name);
        return;
      default:
        throw new MongoFault(1, `a value of field '${name}' has no BSON type`);
    }
  }
}

/** One document as BSON. */
export function encode(doc: Doc): Buffer {
  const writer = new BsonWriter();
  writer.document(doc);
  return writer.take();
}

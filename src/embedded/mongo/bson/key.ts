import type { Binary, BSONRegExp, Long, ObjectId, Timestamp } from 'bson';
import { typeOrder } from './compare.ts';
import { bsonClass, Doc, isNumeric } from './doc.ts';
import { toNumber } from './numbers.ts';

/**
 * Writes values as strings of bytes (one character each) whose order under `<` is the BSON order of the values, and
 * which are equal exactly when the values are equal in MongoDB's sense. Decimals are as exact as doubles.
 */
export class KeyWriter {
  #bytes: Buffer = Buffer.allocUnsafe(1024);
  #at = 0;

  /** Appends a value; `descending` turns its order around. */
  value(value: unknown, descending = false): this {
    const from = this.#at;
    this.#value(value);
    if (descending) for (let at = from; at < this.#at; at++) this.#bytes[at] = 0xff ^ (this.#bytes[at] ?? 0);
    return this;
  }

  /** The key of everything appended; the writer starts again at nothing. */
  take(): string {
    const key = this.#bytes.toString('latin1', 0, this.#at);
    this.#at = 0;
    return key;
  }

  #room(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + size));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  #byte(byte: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = byte;
  }

  #value(value: unknown): void {
    if (typeof value === 'string') {
      this.#byte(tagOf(15));
      this.#text(value);
      return;
    }
    const order = typeOrder(value);
    this.#byte(tagOf(order));
    if (order === 10 && isNumeric(value)) this.#number(value);
    else if (value instanceof Doc) {
      for (const name in value) {
        this.#byte(tagOf(typeOrder(value[name])));
        this.#text(name);
        this.#value(value[name]);
      }
      this.#byte(0);
    } else if (Array.isArray(value)) {
      for (const item of value) this.#value(item);
      this.#byte(0);
    } else if (value instanceof Date) this.#double(value.getTime());
    else if (typeof value === 'boolean') this.#byte(value ? 1 : 0);
    else this.#object(value);
  }

  #object(value: unknown): void {
    switch (bsonClass(value)) {
      case 'ObjectId':
        this.#raw((value as ObjectId).id);
        return;
      case 'Timestamp':
        this.#double((value as Timestamp).t);
        this.#double((value as Timestamp).i);
        return;
      case 'Binary': {
        const binary = value as Binary;
        this.#double(binary.position);
        this.#byte(binary.sub_type);
        this.#raw(binary.buffer.subarray(0, binary.position));
        return;
      }
      case 'BSONRegExp':
        this.#text((value as BSONRegExp).pattern);
        this.#text((value as BSONRegExp).options);
        return;
      case 'BSONSymbol':
        this.#text((value as { value: string }).value);
        return;
      case 'Code':
        this.#text(String((value as { code: unknown }).code));
    }
  }

  #raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /**
   * Terminated by 00. Characters 0 and 1 of the text are written 01 01 and 01 02, so that no text's key is the
   * beginning of another's, which would not turn around for a descending index.
   */
  #text(raw: string): void {
    const text = /[\0\x01]/.test(raw)
      ? raw.replace(/[\0\x01]/g, (char) => (char === '\0' ? '\x01\x01' : '\x01\x02'))
      : raw;
    this.#room(text.length * 3 + 1);
    const length = text.length;
    let index = 0;
    if (length < 48) {
      for (; index < length; index++) {
        const code = text.charCodeAt(index);
        if (code > 0x7f) break;
        this.#bytes[this.#at + index] = code;
      }
    }
    this.#at += index === length ? length : this.#bytes.write(text, this.#at, 'utf8');
    this.#bytes[this.#at++] = 0;
  }

  #number(value: unknown): void {
    const number = toNumber(value);
    this.#double(number);
    if (Math.abs(number) < 2 ** 53 || !Number.isFinite(number)) return;
    // An int64 may lie between two doubles: what the double rounded away decides.
    const rest = bsonClass(value) === 'Long' ? Number((value as Long).toBigInt() - BigInt(number)) : 0;
    this.#room(2);
    this.#at = this.#bytes.writeUInt16BE(rest + 0x8000, this.#at);
  }

  #double(value: number): void {
    this.#room(8);
    const at = this.#at;
    // NaN sorts before all numbers, and both zeros are one.
    this.#bytes.writeDoubleBE(value === 0 ? 0 : value, at);
    if (Number.isNaN(value)) this.#bytes.fill(0, at, at + 8);
    else if (((this.#bytes[at] ?? 0) & 0x80) === 0) this.#bytes[at] = (this.#bytes[at] ?? 0) | 0x80;
    else for (let index = at; index < at + 8; index++) this.#bytes[index] = 0xff ^ (this.#bytes[index] ?? 0);
    this.#at = at + 8;
  }
}

/** Tags are above 0 (the end of lists and documents) and below 255 (so that a key with one FF more is a bound). */
function tagOf(order: number): number {
  return order + 2;
}

/** The first and the last possible beginning of keys of the type of a value: the bounds of type bracketing. */
export function bracket(value: unknown): { low: string; high: string } {
  const tag = tagOf(typeOrder(value));
  return { low: String.fromCharCode(tag), high: String.fromCharCode(tag + 1) };
}

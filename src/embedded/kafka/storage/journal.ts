import {
  closeSync,
  constants,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { ErrorCode, KafkaError } from '../protocol/errors.ts';
import { crc32c } from './crc32c.ts';

const FRAME_HEADER_BYTES = 8; // length and CRC-32C of the payload, both unsigned 32-bit big-endian
const COMPACTION_FLOOR_BYTES = 1024 * 1024;

/** One change of the journal: the new value under a key, or its removal. */
export type Change = { readonly key: readonly string[]; readonly value?: unknown };

/** How a journal treats its disk. */
export interface JournalOptions {
  readonly fsync: boolean;
  /** Called before each write with its size; what it throws is answered as a disk failure. */
  readonly beforeWrite?: ((bytes: number) => void) | undefined;
}

/**
 * A small durable map for all the broker knows besides records: topics, commits, producer ids, transactions.
 *
 * Keys are paths of strings, values are JSON. Changes written together are one checked frame of an append-only file,
 * so after a kill either all of them are there or none; the file is rewritten when most of it is out of date.
 */
export class Journal {
  readonly #path: string;
  readonly #options: JournalOptions;
  readonly #values = new Map<string, unknown>();
  #fd: number;
  #size = 0;
  #compactAt = COMPACTION_FLOOR_BYTES;

  /** Opens or creates the file, replays it and cuts a torn tail. */
  constructor(path: string, options: JournalOptions) {
    this.#path = path;
    this.#options = options;
    this.#fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644);
    const bytes = readFileSync(path);
    for (let frame = frameAt(bytes, 0); frame !== undefined; frame = frameAt(bytes, this.#size)) {
      this.#apply(JSON.parse(frame.toString('utf8')) as Change[]);
      this.#size += FRAME_HEADER_BYTES + frame.length;
    }
    if (bytes.length > this.#size) ftruncateSync(this.#fd, this.#size);
    this.#compactAt = Math.max(COMPACTION_FLOOR_BYTES, this.#size);
  }

  /** The value under a key as it was written, or undefined; the caller names the type it wrote. */
  get<T>(...key: string[]): T | undefined {
    return this.#values.get(JSON.stringify(key)) as T | undefined;
  }

  /** All keys (without `table`) and values under one first key, in the order of their first writing. */
  *entries<T>(table: string): Generator<[key: string[], value: T]> {
    for (const [encoded, value] of this.#values) {
      const [first, ...rest] = JSON.parse(encoded) as string[];
      if (first === table) yield [rest, value as T];
    }
  }

  /**
   * Makes changes durable, all or none.
   *
   * @throws KafkaError KAFKA_STORAGE_ERROR when the disk refuses; nothing has changed then
   */
  write(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    const frame = encodeFrame(changes);
    try {
      this.#options.beforeWrite?.(frame.length);
      try {
        writeAll(this.#fd, frame, this.#size);
        if (this.#options.fsync) fdatasyncSync(this.#fd);
      } catch (error) {
        ftruncateSync(this.#fd, this.#size);
        throw error;
      }
    } catch (error) {
      throw new KafkaError(ErrorCode.KAFKA_STORAGE_ERROR, 'The broker could not write to its disk.', { cause: error });
    }
    this.#size += frame.length;
    this.#apply(changes);
    if (this.#size > this.#compactAt) this.#compact();
  }

  /** Closes the file; its bytes reach the disk first. */
  close(): void {
    fdatasyncSync(this.#fd);
    closeSync(this.#fd);
  }

  #apply(changes: readonly Change[]): void {
    for (const { key, value } of changes) {
      if (value === undefined) this.#values.delete(JSON.stringify(key));
      else this.#values.set(JSON.stringify(key), value);
    }
  }

  /** Writes the live values to a new file and puts it in place of the old one, which stays valid until then. */
  #compact(): void {
    const draft = `${this.#path}.new`;
    const frames = [...this.#values].map(([key, value]) => encodeFrame([{ key: JSON.parse(key) as string[], value }]));
    const bytes = Buffer.concat(frames);
    const fd = openSync(draft, constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC, 0o644);
    try {
      writeAll(fd, bytes, 0);
      fdatasyncSync(fd);
      renameSync(draft, this.#path);
    } catch {
      // What was written is safe in the old file: a full disk only postpones the compaction.
      closeSync(fd);
      this.#compactAt = this.#size * 2;
      return;
    }
    closeSync(this.#fd);
    this.#fd = fd;
    this.#size = bytes.length;
    this.#compactAt = Math.max(COMPACTION_FLOOR_BYTES, this.#size * 2);
  }
}

function encodeFrame(changes: readonly Change[]): Buffer {
  const payload = Buffer.from(JSON.stringify(changes));
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length);
  frame.writeUInt32BE(payload.length, 0);
  frame.writeUInt32BE(crc32c(payload), 4);
  payload.copy(frame, FRAME_HEADER_BYTES);
  return frame;
}

/** The payload of the frame at `at`, or undefined when none is whole and right there. */
function frameAt(bytes: Buffer, at: number): Buffer | undefined {
  if (bytes.length - at < FRAME_HEADER_BYTES) return undefined;
  const start = at + FRAME_HEADER_BYTES;
  const payload = bytes.subarray(start, start + bytes.readUInt32BE(at));
  const whole = payload.length > 0 && payload.length === bytes.readUInt32BE(at);
  return whole && crc32c(payload) === bytes.readUInt32BE(at + 4) ? payload : undefined;
}

function writeAll(fd: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }
}

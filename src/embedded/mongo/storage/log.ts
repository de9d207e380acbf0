import {
  closeSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { MongoFault } from '../errors.ts';

const magic = Buffer.from('koe-mongo-log-1\n', 'latin1');
const fsyncLater = promisify(fsync);

/** What a frame is: writes of one command, documents of a snapshot, or past changes for change streams only. */
export const frameKind = { live: 0, snapshot: 1, history: 2 } as const;

/** A frame's kind and payload. */
export interface Frame {
  readonly kind: number;
  readonly payload: Uint8Array;
}

/** Hooks for tests: `beforeAppend` may throw as a full disk would. */
export interface LogFaults {
  beforeAppend?(bytes: number): void;
}

/**
 * An append-only file of frames: u32 length, u32 CRC-32, then the kind and the payload. A frame holds everything one
 * command wrote, so a crash applies it as a whole or not at all. An append is handed to the system before it returns:
 * what is acknowledged survives SIGKILL; `sync` makes it survive a power failure, one fsync for all who wait.
 */
export class Log {
  readonly #folder: string;
  readonly #faults: LogFaults;
  #file: number;
  #size = 0;
  #dirty = false;
  #broken = false;
  #syncing: Promise<void> | undefined;
  #queued: Promise<void> | undefined;
  #tail: Buffer[] | undefined;
  #closed = false;

  private constructor(folder: string, faults: LogFaults) {
    this.#folder = folder;
    this.#faults = faults;
    this.#file = openSync(join(folder, 'koe.log'), 'a+', 0o600);
  }

  /**
   * Opens the log of a folder, gives every whole frame to `replay`, and cuts a torn tail off.
   *
   * @throws Error when a damaged frame has whole frames behind it: that is no torn tail but a broken disk
   */
  static open(folder: string, replay: (frame: Frame) => void, faults: LogFaults = {}): Log {
    rmSync(join(folder, 'koe.log.new'), { force: true });
    const log = new Log(folder, faults);
    log.#read(replay);
    return log;
  }

  /** Bytes of the file. */
  get size(): number {
    return this.#size;
  }

  #read(replay: (frame: Frame) => void): void {
    const total = fstatSync(this.#file).size;
    const header = this.#at(0, magic.length);
    if (total < magic.length) {
      ftruncateSync(this.#file, 0);
      this.#write(this.#file, magic);
      this.#size = magic.length;
      return;
    }
    if (!header.equals(magic)) throw new Error(`${join(this.#folder, 'koe.log')} is not a log of this server`);
    let at = magic.length;
    while (at < total) {
      const head = this.#at(at, 8);
      const length = head.length === 8 ? head.readUInt32LE(0) : 0;
      const body = length > 0 && at + 8 + length <= total ? this.#at(at + 8, length) : undefined;
      if (body === undefined || crc32(body) !== head.readUInt32LE(4)) {
        this.#cut(at, total, body !== undefined);
        break;
      }
      replay({ kind: body[0] ?? 0, payload: body.subarray(1) });
      at += 8 + length;
    }
    this.#size = at;
  }

  #cut(at: number, total: number, whole: boolean): void {
    if (whole) {
      const next = at + 8 + this.#at(at, 4).readUInt32LE(0);
      const head = next + 8 < total ? this.#at(next, 8) : undefined;
      const length = head?.readUInt32LE(0) ?? 0;
      if (head !== undefined && length > 0 && next + 8 + length <= total) {
        if (crc32(this.#at(next + 8, length)) === head.readUInt32LE(4)) {
          throw new Error(`${join(this.#folder, 'koe.log')} is damaged at byte ${at}, in the middle of good data`);
        }
      }
    }
    ftruncateSync(this.#file, at);
  }

  #at(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    let read = 0;
    while (read < length) {
      const got = readSync(this.#file, bytes, read, length - read, position + read);
      if (got === 0) break;
      read += got;
    }
    return bytes.subarray(0, read);
  }

  /** Appends one frame; when it throws 14031 OutOfDiskSpace, nothing of it is in the file. */
  append(kind: number, payload: Uint8Array): void {
    const frame = frameOf(kind, payload);
    try {
      this.#faults.beforeAppend?.(frame.length);
      if (this.#broken) this.#repair();
      this.#write(this.#file, frame);
    } catch (error) {
      this.#broken = true;
      throw new MongoFault(14031, `cannot write to the log: ${(error as Error).message}`);
    }
    this.#size += frame.length;
    this.#dirty = true;
    this.#tail?.push(frame);
  }

  /** Takes off what a failed append may have left. */
  #repair(): void {
    ftruncateSync(this.#file, this.#size);
    this.#broken = false;
  }

  #write(file: number, bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) at += writeSync(file, bytes, at, bytes.length - at);
  }

  /** Resolves when everything appended before the call is on the disk. */
  sync(): Promise<void> {
    if (!this.#dirty && this.#syncing === undefined) return Promise.resolve();
    if (this.#syncing === undefined) return this.#startSync();
    // The fsync under way may have begun before the last append: wait for one more, together.
    this.#queued ??= this.#syncing.then(() => this.#startSync());
    return this.#queued;
  }

  #startSync(): Promise<void> {
    this.#queued = undefined;
    this.#dirty = false;
    this.#syncing = fsyncLater(this.#file).finally(() => {
      this.#syncing = undefined;
    });
    return this.#syncing;
  }

  /**
   * Replaces the file by one that holds the given frames and then what is appended meanwhile; yields to other work
   * between frames. Does nothing more once the log is closed.
   */
  async rewrite(frames: Iterable<Frame>): Promise<void> {
    const path = join(this.#folder, 'koe.log.new');
    const file = openSync(path, 'ax+', 0o600);
    const tail: Buffer[] = [];
    this.#tail = tail;
    let size = magic.length;
    try {
      this.#write(file, magic);
      for (const { kind, payload } of frames) {
        const frame = frameOf(kind, payload);
        this.#write(file, frame);
        size += frame.length;
        await nextTurn();
        if (this.#closed) return;
      }
      await fsyncLater(file);
      // From here to the end nothing waits: no append and no fsync of the old file can come between.
      while (this.#syncing !== undefined) await this.#syncing;
      if (this.#closed) return;
      for (const frame of tail) {
        this.#write(file, frame);
        size += frame.length;
      }
      fsyncSync(file);
      renameSync(path, join(this.#folder, 'koe.log'));
      this.#adopt(file, size);
    } finally {
      this.#tail = undefined;
      if (this.#file !== file) {
        closeSync(file);
        rmSync(path, { force: true });
      }
    }
  }

  #adopt(file: number, size: number): void {
    closeSync(this.#file);
    this.#file = file;
    this.#size = size;
    this.#broken = false;
    const folder = openSync(this.#folder, 'r');
    fsyncSync(folder);
    closeSync(folder);
  }

  /** Syncs and closes the file. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#syncing;
    await this.#queued;
    if (this.#broken) this.#repair();
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}

function frameOf(kind: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(9 + payload.length);
  frame[8] = kind;
  frame.set(payload, 9);
  frame.writeUInt32LE(payload.length + 1, 0);
  frame.writeUInt32LE(crc32(frame.subarray(8)), 4);
  return frame;
}

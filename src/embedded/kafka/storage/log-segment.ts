import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  batchBaseOffset,
  batchLastOffset,
  batchMaxTimestamp,
  batchSize,
  checksumHolds,
  looksLikeBatch,
  readBatchHeader,
} from './record-batch.ts';

const INDEX_INTERVAL_BYTES = 4096;
const SCAN_WINDOW_BYTES = 1024 * 1024;
const EMPTY = Buffer.alloc(0);

/** One entry of the sparse index: a batch's first offset, its place, and the newest time before it in the segment. */
interface IndexEntry {
  readonly offset: number;
  readonly position: number;
  readonly newestBefore: number;
}

/**
 * One append-only file of record batches, named after its first offset, with a sparse index kept in memory.
 *
 * Reads and writes are synchronous: they meet the page cache, cost microseconds, and make an append indivisible.
 */
export class LogSegment {
  readonly baseOffset: number;
  readonly path: string;
  #fd: number | undefined;
  #size = 0;
  #nextOffset: number;
  #maxTimestamp = -1;
  readonly #index: IndexEntry[] = [];

  /** The file is created by the first `open`; an existing one must be `recover`ed before use. */
  constructor(directory: string, baseOffset: number) {
    this.baseOffset = baseOffset;
    this.#nextOffset = baseOffset;
    this.path = join(directory, `${String(baseOffset).padStart(20, '0')}.log`);
  }

  /** Bytes of all batches. */
  get size(): number {
    return this.#size;
  }

  /** The offset after the last record. */
  get nextOffset(): number {
    return this.#nextOffset;
  }

  /** The newest time of any record, ms since 1970; -1 when empty. */
  get maxTimestamp(): number {
    return this.#maxTimestamp;
  }

  /**
   * Reads every batch header of an existing file to rebuild the index.
   *
   * @param repair check every checksum and cut the file at the first batch that is torn or wrong
   * @throws Error when a file that must not be repaired holds something else than whole batches
   */
  recover(repair: boolean, onBatch: (header: BatchHeader, bytes: Buffer, at: number) => void): void {
    const fd = this.open();
    const fileSize = fstatSync(fd).size;
    let windowStart = 0;
    let window: Buffer = EMPTY;
    const need = (position: number, bytes: number): number => {
      if (position + bytes > windowStart + window.length) {
        windowStart = position;
        window = this.#readAt(position, Math.min(fileSize - position, Math.max(bytes, SCAN_WINDOW_BYTES)));
      }
      return position - windowStart;
    };
    while (fileSize - this.#size >= BATCH_HEADER_BYTES) {
      let at = need(this.#size, BATCH_HEADER_BYTES);
      const size = batchSize(window, at);
      if (!looksLikeBatch(window, at) || size > fileSize - this.#size) break;
      const header = readBatchHeader(window, at);
      if (header.baseOffset < this.#nextOffset || header.lastOffset < header.baseOffset) break;
      if (repair || header.control) at = need(this.#size, size);
      if (repair && !checksumHolds(window, at, size)) break;
      onBatch(header, window, at);
      this.#note(header);
    }
    if (this.#size === fileSize) return;
    if (!repair) throw new Error(`${this.path} is damaged at byte ${this.#size}: this is no record batch`);
    ftruncateSync(fd, this.#size);
  }

  /** Appends one batch that already carries its offsets; on any failure the file ends where it did before. */
  append(batch: Buffer, header: BatchHeader, fsync: boolean): void {
    const fd = this.open();
    try {
      for (let done = 0; done < batch.length; ) {
        done += writeSync(fd, batch, done, batch.length - done, this.#size + done);
      }
      if (fsync) fdatasyncSync(fd);
    } catch (error) {
      ftruncateSync(fd, this.#size);
      throw error;
    }
    this.#note(header);
  }

  /**
   * Reads whole batches from the one that holds `offset` (or follows it) on.
   *
   * @param maxBytes upper bound of the answer
   * @param limit batches that start at this offset or later are left out
   * @param evenIfLarger return the first batch even when it alone is larger than `maxBytes`
   */
  read(offset: number, maxBytes: number, limit: number, evenIfLarger: boolean): Buffer {
    const position = this.#positionOf(offset);
    const available = this.#size - position;
    if (available === 0) return EMPTY;
    let bytes = this.#readAt(position, Math.min(available, Math.max(maxBytes, BATCH_HEADER_BYTES)));
    const firstSize = batchSize(bytes, 0);
    if (firstSize > maxBytes && !evenIfLarger) return EMPTY;
    if (firstSize > bytes.length) bytes = this.#readAt(position, firstSize);
    let end = 0;
    while (bytes.length - end >= BATCH_HEADER_BYTES && batchBaseOffset(bytes, end) < limit) {
      const next = end + batchSize(bytes, end);
      if (next > bytes.length || (next > maxBytes && end > 0)) break;
      end = next;
    }
    return bytes.subarray(0, end);
  }

  /** The first whole batch with a record not older than `timestamp`, or undefined when all are older. */
  batchSince(timestamp: number): Buffer | undefined {
    if (this.#maxTimestamp < timestamp) return undefined;
    let position = lastEntry(this.#index, (entry) => entry.newestBefore < timestamp)?.position ?? 0;
    while (position < this.#size) {
      const header = this.#readAt(position, BATCH_HEADER_BYTES);
      if (batchMaxTimestamp(header, 0) >= timestamp) return this.#readAt(position, batchSize(header, 0));
      position += batchSize(header, 0);
    }
    return undefined;
  }

  /** Opens the file, creating it when it is missing; returns its descriptor. */
  open(): number {
    // Not 'a': appending mode ignores the position, which repair after a failed write depends on.
    this.#fd ??= openSync(this.path, constants.O_RDWR | constants.O_CREAT, 0o644);
    return this.#fd;
  }

  /** Closes the file; with `fsync` its bytes reach the disk first. */
  close(fsync: boolean): void {
    if (this.#fd === undefined) return;
    if (fsync) fdatasyncSync(this.#fd);
    closeSync(this.#fd);
    this.#fd = undefined;
  }

  /** Closes and removes the file. */
  remove(): void {
    this.close(false);
    unlinkSync(this.path);
  }

  #note(header: BatchHeader): void {
    const last = this.#index.at(-1);
    if (last === undefined || this.#size - last.position >= INDEX_INTERVAL_BYTES) {
      this.#index.push({ offset: header.baseOffset, position: this.#size, newestBefore: this.#maxTimestamp });
    }
    this.#size += header.size;
    this.#nextOffset = header.lastOffset + 1;
    this.#maxTimestamp = Math.max(this.#maxTimestamp, header.maxTimestamp);
  }

  /** The place of the batch that holds `offset`, or of the next one; the end of the file when there is none. */
  #positionOf(offset: number): number {
    if (offset >= this.#nextOffset) return this.#size;
    const entry = lastEntry(this.#index, ({ offset: first }) => first <= offset);
    if (entry === undefined || entry.offset === offset) return entry?.position ?? 0;
    let position = entry.position;
    let window: Buffer = EMPTY;
    let windowStart = position;
    while (position < this.#size) {
      if (position + BATCH_HEADER_BYTES > windowStart + window.length) {
        windowStart = position;
        window = this.#readAt(position, Math.min(INDEX_INTERVAL_BYTES, this.#size - position));
      }
      if (batchLastOffset(window, position - windowStart) >= offset) break;
      position += batchSize(window, position - windowStart);
    }
    return position;
  }

  #readAt(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const read = readSync(this.open(), bytes, done, length - done, position + done);
      if (read === 0) throw new Error(`${this.path} is shorter than the broker wrote it`);
      done += read;
    }
    return bytes;
  }
}

/** The last entry for which `holds` is true, given that it is true for a prefix of them. */
function lastEntry(entries: readonly IndexEntry[], holds: (entry: IndexEntry) => boolean): IndexEntry | undefined {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && holds(entry)) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1];
}

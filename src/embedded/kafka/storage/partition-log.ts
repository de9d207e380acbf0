import { mkdirSync, readdirSync } from 'node:fs';
import { ErrorCode, KafkaError } from '../protocol/errors.ts';
import { LogSegment } from './log-segment.ts';
import { type AbortedTransaction, ProducerStates } from './producer-states.ts';
import {
  assignOffset,
  type BatchHeader,
  batchBaseOffset,
  batchLastOffset,
  checkProducedBatch,
  controlBatch,
  controlBatchCommits,
  firstRecordSince,
  readBatchHeader,
  stampAppendTime,
} from './record-batch.ts';
import type { TopicSettings } from './topic-settings.ts';

const PRODUCER_EXPIRY_MS = 24 * 60 * 60 * 1000; // as Kafka's producer.id.expiration.ms
const EMPTY = Buffer.alloc(0);

/** What the log of one partition is opened with. */
export interface PartitionLogOptions {
  readonly directory: string;
  /** Records before this offset were deleted; the files may still hold them. */
  readonly startOffset: number;
  /** Asked at every use, so that altered settings apply at once. */
  readonly settings: () => TopicSettings;
  readonly fsync: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called before each write with its size; what it throws is answered as a disk failure. */
  readonly beforeWrite?: ((bytes: number) => void) | undefined;
}

/** Where an appended batch lies, or lay already when it was a duplicate. */
export interface Appended {
  readonly baseOffset: number;
  /** The broker's time when the topic stamps its records, otherwise -1. */
  readonly logAppendTime: number;
}

/** The records of one partition: segments on disk, the producers that wrote them, and who waits for more. */
export class PartitionLog {
  readonly #options: PartitionLogOptions;
  readonly #segments: LogSegment[] = [];
  readonly #producers = new ProducerStates();
  readonly #waiting = new Set<() => void>();
  #startOffset: number;

  /** Opens or creates the log: rebuilds indexes and producer states, and cuts a torn tail of the last segment. */
  constructor(options: PartitionLogOptions) {
    this.#options = options;
    mkdirSync(options.directory, { recursive: true });
    const bases = readdirSync(options.directory)
      .filter((name) => /^\d{20}\.log$/.test(name))
      .map((name) => Number.parseInt(name, 10))
      .sort((a, b) => a - b);
    for (const [index, base] of bases.entries()) {
      const segment = new LogSegment(options.directory, base);
      segment.recover(index === bases.length - 1, (header, bytes, at) => this.#note(header, bytes, at));
      this.#segments.push(segment);
    }
    if (bases.length === 0) this.#roll(0);
    this.#startOffset = Math.max(options.startOffset, this.#segments[0]?.baseOffset ?? 0);
    this.#producers.forget(this.#startOffset, 0);
  }

  /** The first offset that can be read. */
  get startOffset(): number {
    return this.#startOffset;
  }

  /** The offset of the next record; with one replica also the high watermark. */
  get endOffset(): number {
    return this.#active.nextOffset;
  }

  /** The end for read_committed consumers: the first offset of the oldest open transaction. */
  get lastStableOffset(): number {
    return this.#producers.firstOpenOffset() ?? this.endOffset;
  }

  /** Bytes on disk. */
  get size(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.size, 0);
  }

  /**
   * Appends the records of one produce request after judging them; the buffer's header fields are written in place.
   *
   * @throws KafkaError what checkProducedBatch and ProducerStates.check refuse, MESSAGE_TOO_LARGE, KAFKA_STORAGE_ERROR
   */
  append(batch: Buffer): Appended {
    const settings = this.#options.settings();
    if (batch.length > settings.maxMessageBytes) {
      const message = `The batch has ${batch.length} bytes, the topic allows ${settings.maxMessageBytes}.`;
      throw new KafkaError(ErrorCode.MESSAGE_TOO_LARGE, message);
    }
    const stamped = settings.timestampType === 'LogAppendTime';
    const produced = checkProducedBatch(batch);
    const duplicate = this.#producers.check(produced);
    if (duplicate !== undefined) {
      return { baseOffset: duplicate.baseOffset, logAppendTime: stamped ? duplicate.maxTimestamp : -1 };
    }
    const now = this.#options.now();
    if (stamped) stampAppendTime(batch, now);
    const header = this.#write(batch);
    this.#producers.noteBatch(header, now);
    this.#wake();
    return { baseOffset: header.baseOffset, logAppendTime: stamped ? now : -1 };
  }

  /** Ends a producer's transaction here with a control batch; later records need at least this epoch. */
  appendMarker(producerId: number, producerEpoch: number, committed: boolean): void {
    const now = this.#options.now();
    const header = this.#write(controlBatch(producerId, producerEpoch, committed, now));
    this.#producers.noteMarker(header, committed, now);
    this.#wake();
  }

  /** Whether this producer has a transaction open here. */
  hasOpenTransaction(producerId: number): boolean {
    return this.#producers.isOpen(producerId);
  }

  /**
   * Reads whole batches from the one that holds `offset` on, of one segment at most.
   *
   * @param limit exclusive end: the high watermark or the last stable offset
   * @throws KafkaError OFFSET_OUT_OF_RANGE
   */
  read(offset: number, maxBytes: number, limit: number, evenIfLarger: boolean): Buffer {
    if (offset < this.#startOffset || offset > this.endOffset) {
      const message = `Offset ${offset} is not between ${this.#startOffset} and ${this.endOffset}.`;
      throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE, message);
    }
    if (offset >= limit) return EMPTY;
    const holder = this.#segments.find((segment) => segment.nextOffset > offset);
    return holder?.read(offset, maxBytes, limit, evenIfLarger) ?? EMPTY;
  }

  /** The aborted transactions a read_committed consumer must know to filter `records`, read from `offset`. */
  abortedIn(offset: number, records: Buffer): AbortedTransaction[] {
    if (records.length === 0) return [];
    return this.#producers.abortedBetween(offset, endOf(records));
  }

  /** The first record not older than `timestamp` (ms since 1970) below `limit`, or undefined. */
  findTime(timestamp: number, limit: number): { offset: number; timestamp: number } | undefined {
    for (const segment of this.#segments) {
      const batch = segment.nextOffset > this.#startOffset ? segment.batchSince(timestamp) : undefined;
      if (batch === undefined) continue;
      const found = firstRecordSince(batch, timestamp);
      if (found.offset >= limit) return undefined;
      return { offset: Math.max(found.offset, this.#startOffset), timestamp: found.timestamp };
    }
    return undefined;
  }

  /** Moves the start to `offset`, which must not lie before it or after the end, and removes segments before it. */
  deleteBefore(offset: number): void {
    this.#startOffset = offset;
    while (this.#segments.length > 1 && (this.#segments[0]?.nextOffset ?? offset) <= offset) {
      this.#segments.shift()?.remove();
    }
  }

  /** Removes segments that are too old or too much, as the topic's retention says; open transactions keep theirs. */
  enforceRetention(): void {
    const { retentionMs, retentionBytes, deletes } = this.#options.settings();
    const now = this.#options.now();
    this.#producers.forget(this.#startOffset, now - PRODUCER_EXPIRY_MS);
    if (!deletes) return;
    const expired = (segment: LogSegment) => retentionMs >= 0 && segment.maxTimestamp < now - retentionMs;
    let excess = retentionBytes >= 0 ? this.size - retentionBytes : -1;
    let keepFrom = this.#startOffset;
    for (const segment of this.#segments) {
      const tooMuch = segment !== this.#active && excess >= segment.size;
      if (segment.size === 0 || segment.nextOffset > this.lastStableOffset || !(expired(segment) || tooMuch)) break;
      excess -= segment.size;
      keepFrom = Math.max(keepFrom, segment.nextOffset);
    }
    if (keepFrom === this.#startOffset) return;
    // The name of the next file keeps the end offset when every record goes.
    if (keepFrom === this.endOffset) this.#roll(keepFrom);
    this.deleteBefore(keepFrom);
  }

  /** Calls `wake` once at the next append or when the log closes; returns how to stop waiting. */
  onAppend(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  /** Closes the files; with `fsync` their bytes reach the disk first. */
  close(fsync: boolean): void {
    for (const segment of this.#segments) segment.close(fsync);
    this.#wake();
  }

  get #active(): LogSegment {
    const active = this.#segments.at(-1);
    if (active === undefined) throw new Error(`${this.#options.directory} has no segment`);
    return active;
  }

  #write(batch: Buffer): BatchHeader {
    assignOffset(batch, this.endOffset);
    try {
      this.#options.beforeWrite?.(batch.length);
      const { segmentBytes } = this.#options.settings();
      if (this.#active.size > 0 && this.#active.size + batch.length > segmentBytes) this.#roll(this.endOffset);
      const header = readBatchHeader(batch, 0);
      this.#active.append(batch, header, this.#options.fsync);
      return header;
    } catch (error) {
      throw new KafkaError(ErrorCode.KAFKA_STORAGE_ERROR, 'The broker could not write to its disk.', { cause: error });
    }
  }

  #roll(baseOffset: number): void {
    const segment = new LogSegment(this.#options.directory, baseOffset);
    segment.open();
    this.#segments.push(segment);
  }

  #note(header: BatchHeader, bytes: Buffer, at: number): void {
    if (header.control) this.#producers.noteMarker(header, controlBatchCommits(bytes, at), this.#options.now());
    else this.#producers.noteBatch(header, this.#options.now());
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

/** The offset after the last record of whole batches. */
function endOf(records: Buffer): number {
  let last = 0;
  let at = 0;
  while (at < records.length) {
    last = batchLastOffset(records, at);
    at += records.readInt32BE(at + 8) + 12;
  }
  return Math.max(last + 1, batchBaseOffset(records, 0));
}

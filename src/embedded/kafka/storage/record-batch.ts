import { gunzipSync } from 'node:zlib';
import { ErrorCode, KafkaError } from '../protocol/errors.ts';
import { readInt64, writeInt64 } from '../protocol/wire.ts';
import { crc32c } from './crc32c.ts';

/** Bytes of the header of a record batch of format 2, before its records. */
export const BATCH_HEADER_BYTES = 61;
/** Bytes of a batch before the ones its own length field counts: base offset and length. */
const LENGTH_OVERHEAD = 12;
const CRC_START = 21;
const LAST_OFFSET_DELTA = 23;
/** Length, attributes, two deltas, no key, no value, no headers: a byte each. */
const SMALLEST_RECORD_BYTES = 7;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const UNPACKED_LIMIT = 64 * 1024 * 1024;

/** The header of a record batch: offsets and sequences are of its first record, times in ms since 1970. */
export interface BatchHeader {
  readonly baseOffset: number;
  readonly lastOffset: number;
  /** Bytes of the whole batch. */
  readonly size: number;
  readonly compression: number;
  readonly transactional: boolean;
  readonly control: boolean;
  readonly maxTimestamp: number;
  /** -1 when the producer is not idempotent. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/** Bytes of the batch that starts at `at`, as its length field says; at least 12 bytes must be readable there. */
export function batchSize(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at + 8) + LENGTH_OVERHEAD;
}

/** The offset of the first record of the batch at `at`. */
export function batchBaseOffset(buffer: Buffer, at: number): number {
  return readInt64(buffer, at);
}

/** The offset of the last record of the batch at `at`. */
export function batchLastOffset(buffer: Buffer, at: number): number {
  return readInt64(buffer, at) + buffer.readInt32BE(at + LAST_OFFSET_DELTA);
}

/** The newest time of any record of the batch at `at`, in ms since 1970. */
export function batchMaxTimestamp(buffer: Buffer, at: number): number {
  return readInt64(buffer, at + 35);
}

/**
 * Reads the header of the batch at `at`, of which BATCH_HEADER_BYTES must be readable.
 *
 * Source: https://kafka.apache.org/documentation/#recordbatch
 */
export function readBatchHeader(buffer: Buffer, at: number): BatchHeader {
  const attributes = buffer.readInt16BE(at + 21);
  const baseOffset = readInt64(buffer, at);
  return {
    baseOffset,
    lastOffset: baseOffset + buffer.readInt32BE(at + LAST_OFFSET_DELTA),
    size: batchSize(buffer, at),
    compression: attributes & 0x07,
    transactional: (attributes & TRANSACTIONAL) !== 0,
    control: (attributes & CONTROL) !== 0,
    maxTimestamp: batchMaxTimestamp(buffer, at),
    producerId: readInt64(buffer, at + 43),
    producerEpoch: buffer.readInt16BE(at + 51),
    baseSequence: buffer.readInt32BE(at + 53),
    recordCount: buffer.readInt32BE(at + 57),
  };
}

/** Whether `at` begins a batch of format 2 whose length field is possible; its bytes may still be missing or wrong. */
export function looksLikeBatch(buffer: Buffer, at: number): boolean {
  return batchSize(buffer, at) >= BATCH_HEADER_BYTES && buffer.readInt8(at + 16) === 2;
}

/** Whether the checksum of the batch of `size` bytes at `at` fits its bytes. */
export function checksumHolds(buffer: Buffer, at: number, size: number): boolean {
  return crc32c(buffer, at + CRC_START, at + size) === buffer.readUInt32BE(at + 17);
}

/**
 * Checks the records of one partition of a produce request, which must be exactly one batch of format 2.
 *
 * @throws KafkaError CORRUPT_MESSAGE, UNSUPPORTED_FOR_MESSAGE_FORMAT or INVALID_RECORD
 */
export function checkProducedBatch(batch: Buffer): BatchHeader {
  // Formats 0 and 1 have the format byte at the same place, in an entry that may be shorter than a batch header.
  if (batch.length < 17) throw new KafkaError(ErrorCode.CORRUPT_MESSAGE, 'The records end within a header.');
  if (batch.readInt8(16) !== 2) {
    throw new KafkaError(ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT, 'Only record batches of format 2 are accepted.');
  }
  if (batch.length < BATCH_HEADER_BYTES || batchSize(batch, 0) > batch.length || !looksLikeBatch(batch, 0)) {
    throw new KafkaError(ErrorCode.CORRUPT_MESSAGE, 'The length of the record batch is wrong.');
  }
  if (!checksumHolds(batch, 0, batchSize(batch, 0))) {
    throw new KafkaError(ErrorCode.CORRUPT_MESSAGE, 'The checksum of the record batch is wrong.');
  }
  if (batchSize(batch, 0) !== batch.length) {
    throw new KafkaError(ErrorCode.INVALID_RECORD, 'A produce request carries exactly one batch for a partition.');
  }
  const header = readBatchHeader(batch, 0);
  if (header.recordCount < 1 || batch.readInt32BE(LAST_OFFSET_DELTA) !== header.recordCount - 1) {
    throw new KafkaError(ErrorCode.INVALID_RECORD, 'The record count does not fit the last offset delta.');
  }
  const room = (header.size - BATCH_HEADER_BYTES) / SMALLEST_RECORD_BYTES;
  if (header.compression === 0 && header.recordCount > room) {
    throw new KafkaError(ErrorCode.INVALID_RECORD, 'The batch is too small for its record count.');
  }
  if (header.control) throw new KafkaError(ErrorCode.INVALID_RECORD, 'Clients may not write control batches.');
  if (header.producerId >= 0 && (header.producerEpoch < 0 || header.baseSequence < 0)) {
    throw new KafkaError(ErrorCode.INVALID_RECORD, 'An idempotent batch needs a producer epoch and a sequence.');
  }
  if (header.transactional && header.producerId < 0) {
    throw new KafkaError(ErrorCode.INVALID_RECORD, 'A transactional batch needs a producer id.');
  }
  return header;
}

/** Puts a batch at its place in the log; neither field is covered by the checksum, so the records stay untouched. */
export function assignOffset(batch: Buffer, baseOffset: number): void {
  writeInt64(batch, baseOffset, 0);
  batch.writeInt32BE(0, 12); // partition leader epoch: this broker is the first and only leader
}

/** Stamps a batch with the broker's time (message.timestamp.type=LogAppendTime) and signs it again. */
export function stampAppendTime(batch: Buffer, now: number): void {
  batch.writeInt16BE(batch.readInt16BE(21) | LOG_APPEND_TIME, 21);
  writeInt64(batch, now, 35);
  batch.writeUInt32BE(crc32c(batch, CRC_START), 17);
}

/**
 * Builds the control batch that ends a transaction in one partition.
 *
 * Source: KIP-98 and https://kafka.apache.org/documentation/#controlbatch
 */
export function controlBatch(producerId: number, producerEpoch: number, committed: boolean, now: number): Buffer {
  // One record: length, attributes, two zero deltas, key (version 0, type), value (version 0, coordinator epoch 0), no headers.
  const record = Buffer.from([32, 0, 0, 0, 8, 0, 0, 0, committed ? 1 : 0, 12, 0, 0, 0, 0, 0, 0, 0]);
  const batch = Buffer.alloc(BATCH_HEADER_BYTES + record.length);
  record.copy(batch, BATCH_HEADER_BYTES);
  batch.writeInt32BE(batch.length - LENGTH_OVERHEAD, 8);
  batch.writeInt8(2, 16);
  batch.writeInt16BE(TRANSACTIONAL | CONTROL, 21);
  writeInt64(batch, now, 27);
  writeInt64(batch, now, 35);
  writeInt64(batch, producerId, 43);
  batch.writeInt16BE(producerEpoch, 51);
  batch.writeInt32BE(-1, 53);
  batch.writeInt32BE(1, 57);
  batch.writeUInt32BE(crc32c(batch, CRC_START), 17);
  return batch;
}

/** Whether the control batch at `at` commits (true) or aborts (false) its transaction. */
export function controlBatchCommits(buffer: Buffer, at: number): boolean {
  return buffer.readInt16BE(at + BATCH_HEADER_BYTES + 7) === 1;
}

/**
 * Finds the first record of one whole batch that is not older than `timestamp` (ms since 1970).
 *
 * Batches whose records cannot be read here (compressed with anything but gzip, or broken inside) answer with their
 * first record: an earlier place, so a consumer that starts there misses nothing.
 */
export function firstRecordSince(batch: Buffer, timestamp: number): { offset: number; timestamp: number } {
  const header = readBatchHeader(batch, 0);
  const baseTimestamp = readInt64(batch, 27);
  if ((batch.readInt16BE(21) & LOG_APPEND_TIME) !== 0) {
    return { offset: header.baseOffset, timestamp: header.maxTimestamp };
  }
  const records = readableRecords(batch, header.compression);
  let at = 0;
  while (records !== undefined && at < records.length) {
    const length = zigZagVarint(records, at);
    const timestampDelta = zigZagVarint(records, length.next + 1); // one byte of attributes
    const offsetDelta = zigZagVarint(records, timestampDelta.next);
    const time = baseTimestamp + timestampDelta.value;
    if (time >= timestamp) return { offset: header.baseOffset + offsetDelta.value, timestamp: time };
    at = length.next + Math.max(0, length.value); // a broken length must not lead backwards
  }
  return { offset: header.baseOffset, timestamp: baseTimestamp };
}

function readableRecords(batch: Buffer, compression: number): Uint8Array | undefined {
  const body = batch.subarray(BATCH_HEADER_BYTES);
  if (compression === 0) return body;
  if (compression !== 1) return undefined;
  try {
    return gunzipSync(body, { maxOutputLength: UNPACKED_LIMIT });
  } catch {
    return undefined; // stored as it came: a producer may have written what is no gzip, or a bomb
  }
}

/** Reads one zig-zag varint of at most ten bytes; there are zeros past the end of the bytes. */
function zigZagVarint(bytes: Uint8Array, from: number): { value: number; next: number } {
  let raw = 0;
  let scale = 1;
  let at = from;
  for (; at < from + 10; at++) {
    const byte = bytes[at] ?? 0;
    raw += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) break;
  }
  return { value: raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2, next: at + 1 };
}

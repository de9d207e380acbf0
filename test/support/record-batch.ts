import { crc32c } from '../../src/embedded/kafka/storage/crc32c.ts';
import { BATCH_HEADER_BYTES } from '../../src/embedded/kafka/storage/record-batch.ts';

/** What a test batch is made of; times in ms since 1970. */
export interface BatchSpec {
  /** Times of the records; one record at time 0 by default. */
  readonly times?: readonly number[];
  /** Bytes of each record's value. */
  readonly valueBytes?: number;
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly transactional?: boolean;
}

/** Builds a record batch of format 2 as a producer sends it. */
export function recordBatch(spec: BatchSpec = {}): Buffer {
  const { times = [0], valueBytes = 1, producerId = -1, producerEpoch = -1, baseSequence = -1 } = spec;
  const first = times[0] ?? 0;
  const records = times.map((time, index) => {
    const body = [
      Buffer.from([0]),
      varint(time - first),
      varint(index),
      varint(-1),
      varint(valueBytes),
      Buffer.alloc(valueBytes, 'v'),
      varint(0),
    ];
    const bytes = Buffer.concat(body);
    return Buffer.concat([varint(bytes.length), bytes]);
  });
  const header = Buffer.alloc(BATCH_HEADER_BYTES);
  const batch = Buffer.concat([header, ...records]);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(-1, 12);
  batch.writeInt8(2, 16);
  batch.writeInt16BE(spec.transactional ? 0x10 : 0, 21);
  batch.writeInt32BE(times.length - 1, 23);
  batch.writeBigInt64BE(BigInt(first), 27);
  batch.writeBigInt64BE(BigInt(Math.max(...times)), 35);
  batch.writeBigInt64BE(BigInt(producerId), 43);
  batch.writeInt16BE(producerEpoch, 51);
  batch.writeInt32BE(baseSequence, 53);
  batch.writeInt32BE(times.length, 57);
  batch.writeUInt32BE(crc32c(batch, 21), 17);
  return batch;
}

function varint(value: number): Buffer {
  let rest = value < 0 ? -2n * BigInt(value) - 1n : 2n * BigInt(value);
  const bytes: number[] = [];
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

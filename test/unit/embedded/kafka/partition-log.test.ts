import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crc32c } from '../../../../src/embedded/kafka/storage/crc32c.ts';
import { PartitionLog } from '../../../../src/embedded/kafka/storage/partition-log.ts';
import { batchBaseOffset, batchSize } from '../../../../src/embedded/kafka/storage/record-batch.ts';
import { topicSettings } from '../../../../src/embedded/kafka/storage/topic-settings.ts';
import { freshFolder } from '../../../support/kafka.ts';
import { recordBatch } from '../../../support/record-batch.ts';

let directory: string;
let log: PartitionLog | undefined;
let now = 0;
let refuseWrites = false;
beforeEach(async () => {
  directory = await freshFolder();
  now = 1_000_000;
  refuseWrites = false;
});
afterEach(async () => {
  log?.close(false);
  await rm(directory, { recursive: true });
});

function open(config: Record<string, string> = {}, startOffset = 0): PartitionLog {
  log?.close(false);
  const settings = topicSettings(config, { segmentBytes: 2 ** 26, maxMessageBytes: 2 ** 20 });
  log = new PartitionLog({
    directory,
    startOffset,
    settings: () => settings,
    fsync: false,
    now: () => now,
    beforeWrite: () => {
      if (refuseWrites) throw new Error('disk full');
    },
  });
  return log;
}

const segments = () => readdirSync(directory).toSorted();
const lastSegment = () => join(directory, segments().at(-1) ?? '');

function offsetsIn(records: Buffer): number[] {
  const offsets: number[] = [];
  for (let at = 0; at < records.length; at += batchSize(records, at)) offsets.push(batchBaseOffset(records, at));
  return offsets;
}

const readAll = (from: PartitionLog, offset = from.startOffset) =>
  offsetsIn(from.read(offset, 2 ** 20, from.endOffset, true));

describe('a partition log', () => {
  it('gives each record its offset, over several files and restarts', () => {
    let current = open({ 'segment.bytes': '200' });
    const bases = [3, 1, 2, 4].map((count) => current.append(recordBatch({ times: Array(count).fill(0) })).baseOffset);
    expect(bases).toEqual([0, 3, 4, 6]);
    expect(segments().length).toBeGreaterThan(1);
    current = open({ 'segment.bytes': '200' });
    expect(current.endOffset).toBe(10);
    expect(current.append(recordBatch()).baseOffset).toBe(10);
  });

  it('reads from the batch that holds an offset, as far as the limits allow', () => {
    const current = open();
    for (let index = 0; index < 500; index++) current.append(recordBatch({ times: [0, 0], valueBytes: 50 }));
    expect(readAll(current, 501)[0]).toBe(500);
    const size = recordBatch({ times: [0, 0], valueBytes: 50 }).length;
    expect(offsetsIn(current.read(100, size * 3 + 1, 1000, false))).toEqual([100, 102, 104]);
    expect(offsetsIn(current.read(100, 10, 1000, false))).toEqual([]);
    expect(offsetsIn(current.read(100, 10, 1000, true))).toEqual([100]);
    expect(offsetsIn(current.read(996, 10_000, 998, true))).toEqual([996]);
    expect(offsetsIn(current.read(1000, 10_000, 1000, true))).toEqual([]);
    expect(() => current.read(1001, 10, 1001, true)).toThrow(expect.objectContaining({ code: 1 }));
  });

  it('cuts a tail that was torn at any byte, and nothing before it', () => {
    const current = open();
    for (let index = 0; index < 3; index++) current.append(recordBatch({ valueBytes: 20 }));
    const whole = readFileSync(lastSegment());
    const each = whole.length / 3;
    for (const cut of [1, 11, 40, 60, 61, each - 1]) {
      log?.close(false);
      writeFileSync(lastSegment(), whole.subarray(0, each * 2 + cut));
      const recovered = open();
      expect(recovered.endOffset).toBe(2);
      expect(statSync(lastSegment()).size).toBe(each * 2);
    }
    writeFileSync(lastSegment(), whole);
    expect(open().endOffset).toBe(3);
  });

  it('cuts at a batch whose bytes changed, at zeros, and at junk', () => {
    for (const spoil of [
      () => {
        const bytes = readFileSync(lastSegment());
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
        writeFileSync(lastSegment(), bytes);
        return 1;
      },
      () => {
        appendFileSync(lastSegment(), Buffer.alloc(500));
        return 0;
      },
      () => {
        appendFileSync(lastSegment(), 'no batch at all, but long enough to be taken for the header of one of them');
        return 0;
      },
    ]) {
      const before = open();
      before.append(recordBatch());
      const end = before.endOffset;
      before.close(false);
      const lost = spoil();
      expect(open().endOffset).toBe(end - lost);
    }
  });

  it('refuses to open over a hole in the middle', () => {
    const current = open({ 'segment.bytes': '100' });
    for (let index = 0; index < 3; index++) current.append(recordBatch());
    const [first = ''] = segments();
    truncateSync(join(directory, first), 30);
    expect(() => open()).toThrow('is damaged at byte 0');
  });

  it('is as it was after a refused write', () => {
    const current = open();
    current.append(recordBatch());
    refuseWrites = true;
    expect(() => current.append(recordBatch())).toThrow(expect.objectContaining({ code: 56 }));
    refuseWrites = false;
    expect(current.append(recordBatch()).baseOffset).toBe(1);
    expect(readAll(open())).toEqual([0, 1]);
  });

  it.each([
    ['a wrong checksum', (batch: Buffer) => batch.writeUInt8(1, batch.length - 1), 2],
    ['a wrong length', (batch: Buffer) => batch.writeInt32BE(batch.length, 8), 2],
    ['an old format', (batch: Buffer) => batch.writeInt8(1, 16), 43],
  ])('refuses a batch with %s', (_what, spoil, code) => {
    const batch = recordBatch();
    spoil(batch);
    expect(() => open().append(batch)).toThrow(expect.objectContaining({ code }));
    expect(() => open().append(Buffer.concat([recordBatch(), recordBatch()]))).toThrow(
      expect.objectContaining({ code: 87 }),
    );
    expect(() => open().append(Buffer.alloc(5))).toThrow(expect.objectContaining({ code: 2 }));
  });

  it('refuses record counts that cannot be, and is not led astray by them in compressed batches', () => {
    const claim = (compressed: boolean) => {
      const batch = recordBatch({ times: [5] });
      batch.writeInt16BE(compressed ? 1 : 0, 21); // what follows is no gzip
      batch.writeInt32BE(2 ** 31 - 2, 23);
      batch.writeInt32BE(2 ** 31 - 1, 57);
      batch.writeUInt32BE(crc32c(batch, 21), 17);
      return batch;
    };
    const current = open();
    expect(() => current.append(claim(false))).toThrow(expect.objectContaining({ code: 87 }));
    current.append(claim(true));
    expect(current.findTime(3, current.endOffset)).toEqual({ offset: 0, timestamp: 5 });
  });

  it('finds the first record that is not older than a time', () => {
    const current = open({ 'segment.bytes': '200' });
    for (let index = 0; index < 20; index++) current.append(recordBatch({ times: [index * 10, index * 10 + 5] }));
    expect(current.findTime(0, 40)).toEqual({ offset: 0, timestamp: 0 });
    expect(current.findTime(101, 40)).toEqual({ offset: 21, timestamp: 105 });
    expect(current.findTime(190, 40)).toEqual({ offset: 38, timestamp: 190 });
    expect(current.findTime(196, 40)).toBeUndefined();
    expect(current.findTime(190, 30)).toBeUndefined();
  });
});

describe('retention', () => {
  const fill = (current: PartitionLog) => {
    for (let index = 0; index < 10; index++) {
      now += 1000;
      current.append(recordBatch({ times: [now], valueBytes: 100 }));
    }
  };

  it('by time removes what is old, and the end stays when everything goes', () => {
    const config = { 'segment.bytes': '200', 'retention.ms': '4500' };
    const current = open(config);
    fill(current);
    current.enforceRetention();
    expect(current.startOffset).toBe(5);
    now += 60_000;
    current.enforceRetention();
    expect([current.startOffset, current.endOffset, current.size]).toEqual([10, 10, 0]);
    expect(open(config).endOffset).toBe(10);
  });

  it('by size keeps the newest files', () => {
    const current = open({ 'segment.bytes': '200', 'retention.ms': '-1', 'retention.bytes': '600' });
    fill(current);
    const before = current.size;
    current.enforceRetention();
    expect(current.size).toBeLessThan(before);
    expect(current.size).toBeGreaterThanOrEqual(600);
    expect(readAll(current)[0]).toBe(current.startOffset);
    expect(current.endOffset).toBe(10);
  });

  it('leaves compacted topics and open transactions alone', () => {
    const compacted = open({ 'segment.bytes': '200', 'retention.ms': '1', 'cleanup.policy': 'compact' });
    fill(compacted);
    compacted.enforceRetention();
    expect(compacted.startOffset).toBe(0);
    const current = open({ 'segment.bytes': '200', 'retention.ms': '1' });
    current.append(recordBatch({ producerId: 7, producerEpoch: 0, baseSequence: 0, transactional: true }));
    now += 60_000;
    current.enforceRetention();
    expect([current.startOffset, current.endOffset]).toEqual([10, 11]);
  });

  it('of deleted records survives a restart', () => {
    const current = open({ 'segment.bytes': '200' });
    fill(current);
    current.deleteBefore(7);
    expect(open({ 'segment.bytes': '200' }, 7).startOffset).toBe(7);
    expect(() => log?.read(6, 100, 10, true)).toThrow(expect.objectContaining({ code: 1 }));
  });
});

describe('producers', () => {
  const batch = (baseSequence: number, count = 1, producerEpoch = 0, transactional = false) =>
    recordBatch({ times: Array(count).fill(0), producerId: 5, producerEpoch, baseSequence, transactional });

  it('are answered with the first offset when they repeat themselves, also after a restart', () => {
    let current = open();
    expect(current.append(batch(0, 3)).baseOffset).toBe(0);
    expect(current.append(batch(3, 2)).baseOffset).toBe(3);
    expect(current.append(batch(0, 3)).baseOffset).toBe(0);
    current = open();
    expect(current.append(batch(3, 2)).baseOffset).toBe(3);
    expect(current.endOffset).toBe(5);
  });

  it('may not leave anything out, nor go back to an older epoch', () => {
    const current = open();
    current.append(batch(0));
    expect(() => current.append(batch(2))).toThrow(expect.objectContaining({ code: 45 }));
    current.append(batch(0, 1, 1));
    expect(() => current.append(batch(1))).toThrow(expect.objectContaining({ code: 47 }));
    expect(() => current.append(batch(4, 1, 2))).toThrow(expect.objectContaining({ code: 45 }));
    expect(current.endOffset).toBe(2);
  });

  it('count on from zero after the largest sequence', () => {
    const current = open();
    current.append(batch(2 ** 31 - 2, 2));
    expect(current.append(batch(0)).baseOffset).toBe(2);
  });

  it('hold the stable offset back until their transaction ends, also after a restart', () => {
    let current = open();
    current.append(recordBatch());
    current.append(batch(0, 2, 0, true));
    current.append(recordBatch());
    expect([current.lastStableOffset, current.endOffset]).toEqual([1, 4]);
    current = open();
    expect(current.lastStableOffset).toBe(1);
    current.appendMarker(5, 0, false);
    expect(current.lastStableOffset).toBe(5);
    current = open();
    current.append(recordBatch({ producerId: 6, producerEpoch: 0, baseSequence: 0, transactional: true }));
    expect(current.lastStableOffset).toBe(5);
    current.append(batch(2, 1, 0, true));
    current.appendMarker(6, 0, true);
    expect(current.lastStableOffset).toBe(6); // the later one is still open
    current.appendMarker(5, 0, true);
    expect(current.lastStableOffset).toBe(current.endOffset);
    const aborted = current.abortedIn(0, current.read(0, 1000, current.endOffset, true));
    expect(aborted).toEqual([{ producerId: 5, firstOffset: 1, lastOffset: 4 }]);
  });
});

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GroupOffsets } from '../../../../src/embedded/kafka/coordinator/group-offsets.ts';
import { Transactions } from '../../../../src/embedded/kafka/coordinator/transactions.ts';
import { Journal } from '../../../../src/embedded/kafka/storage/journal.ts';
import { Topics } from '../../../../src/embedded/kafka/storage/topics.ts';
import { freshFolder } from '../../../support/kafka.ts';
import { recordBatch } from '../../../support/record-batch.ts';

const INVALID_PRODUCER_EPOCH = { code: 47 };
const INVALID_TXN_STATE = { code: 48 };
const both = [0, 1].map((partition) => ({ topic: 't', partition }));

let folder: string;
let refusedPartition: number | undefined;
let parts: ReturnType<typeof open>;
beforeEach(async () => {
  folder = await freshFolder();
  refusedPartition = undefined;
  parts = open();
  parts.topics.create('t', 2, []);
});
afterEach(async () => {
  close();
  await rm(folder, { recursive: true });
});

function open() {
  const journal = new Journal(join(folder, 'journal'), { fsync: false });
  const topics = new Topics({
    folder: join(folder, 'topics'),
    journal,
    defaults: { segmentBytes: 2 ** 26, maxMessageBytes: 2 ** 20 },
    fsync: false,
    now: Date.now,
    beforeAppend: (_topic, partition) => {
      if (partition === refusedPartition) throw new Error('disk full');
    },
  });
  const offsets = new GroupOffsets(journal);
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  return {
    journal,
    topics,
    offsets,
    errors,
    transactions: new Transactions({ journal, topics, offsets, now: Date.now, onError }),
  };
}

function close() {
  parts.transactions.close();
  parts.topics.close();
  parts.journal.close();
}

/** Begins a transaction with one record in each partition and a commit of group `g`. */
function begin(timeoutMs = 60_000) {
  const { transactions, topics } = parts;
  const identity = transactions.initProducer('id', timeoutMs);
  transactions.addPartitions('id', identity, both);
  for (const { topic, partition } of both) {
    topics.partition(topic, partition).append(recordBatch({ ...identity, baseSequence: 0, transactional: true }));
  }
  transactions.addGroup('id', identity, 'g');
  transactions.addOffsets('id', identity, 'g', [{ topic: 't', partition: 0, offset: 42, metadata: null }]);
  return identity;
}

const stable = () => both.map(({ topic, partition }) => parts.topics.partition(topic, partition).lastStableOffset);

describe('the transaction coordinator', () => {
  it('finishes after a restart what it had decided before', () => {
    const identity = begin();
    refusedPartition = 1;
    expect(() => parts.transactions.end('id', identity, true)).toThrow(expect.objectContaining({ code: 56 }));
    expect(stable()).toEqual([2, 0]); // the first partition has its marker, the second has not
    refusedPartition = undefined;
    close();
    parts = open();
    expect(stable()).toEqual([2, 2]);
    expect(parts.topics.partition('t', 0).endOffset).toBe(2); // no second marker
    expect(parts.offsets.find('g', 't', 0)?.offset).toBe(42);
    expect(() => parts.transactions.end('id', identity, true)).not.toThrow(); // the producer asks again
    expect(() => parts.transactions.end('id', identity, false)).toThrow(expect.objectContaining(INVALID_TXN_STATE));
  });

  it('can be asked again after the disk refused a marker', () => {
    const identity = begin();
    refusedPartition = 0;
    expect(() => parts.transactions.end('id', identity, false)).toThrow(expect.objectContaining({ code: 56 }));
    expect(() => parts.transactions.end('id', identity, true)).toThrow(expect.objectContaining(INVALID_TXN_STATE));
    refusedPartition = undefined;
    parts.transactions.end('id', identity, false);
    expect(stable()).toEqual([2, 2]);
    expect(parts.offsets.find('g', 't', 0)).toBeUndefined();
  });

  it('takes an id over with a new epoch and aborts what was open', () => {
    const old = begin();
    const next = parts.transactions.initProducer('id', 60_000);
    expect(next.producerId).toBe(old.producerId);
    expect(next.producerEpoch).toBeGreaterThan(old.producerEpoch);
    expect(stable()).toEqual([2, 2]);
    expect(() => parts.transactions.end('id', old, true)).toThrow(expect.objectContaining(INVALID_PRODUCER_EPOCH));
    const late = recordBatch({ ...old, baseSequence: 1, transactional: true });
    expect(() => parts.topics.partition('t', 0).append(late)).toThrow(expect.objectContaining(INVALID_PRODUCER_EPOCH));
    expect(() => parts.transactions.checkProduce('id', next, 't', 0)).toThrow(
      expect.objectContaining(INVALID_TXN_STATE),
    );
  });

  it('aborts after the timeout, counted on through a restart', () => {
    vi.useFakeTimers();
    try {
      begin(10_000);
      vi.advanceTimersByTime(6000);
      close();
      parts = open();
      vi.advanceTimersByTime(3000);
      expect(stable()).toEqual([0, 0]);
      vi.advanceTimersByTime(2000);
      expect(stable()).toEqual([2, 2]);
      expect(parts.errors).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('never gives the same producer id twice, not after a restart either', () => {
    const given = Array.from({ length: 1500 }, () => parts.transactions.initProducer(null, 1).producerId);
    close();
    parts = open();
    given.push(parts.transactions.initProducer(null, 1).producerId);
    expect(new Set(given).size).toBe(1501);
  });
});

import { ErrorCode, KafkaError } from '../protocol/errors.ts';
import type { BatchHeader } from './record-batch.ts';

const REMEMBERED_BATCHES = 5; // the most requests an idempotent producer may have in flight
const SEQUENCES = 2 ** 31; // sequence numbers wrap to zero after the largest int32

interface AppendedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
  readonly maxTimestamp: number;
}

interface ProducerState {
  epoch: number;
  batches: AppendedBatch[];
  lastSeen: number;
}

/** One aborted transaction of a partition: its records lie from firstOffset up to the marker at lastOffset. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
}

/**
 * What one partition knows of its idempotent and transactional producers, rebuilt from the log at start.
 *
 * Source: KIP-98 (exactly once delivery and transactional messaging), KIP-360 (unknown producers may start anywhere).
 */
export class ProducerStates {
  readonly #states = new Map<number, ProducerState>();
  /** The first offsets of open transactions by producer id, in the order of their beginning: the first is the lowest. */
  readonly #open = new Map<number, number>();
  #aborted: AbortedTransaction[] = [];

  /**
   * Judges a batch before it is appended.
   *
   * @returns the first append of the same batch when it is a duplicate
   * @throws KafkaError INVALID_PRODUCER_EPOCH or OUT_OF_ORDER_SEQUENCE_NUMBER
   */
  check(header: BatchHeader): AppendedBatch | undefined {
    const state = this.#states.get(header.producerId);
    if (state === undefined) return undefined;
    if (header.producerEpoch < state.epoch) {
      throw new KafkaError(ErrorCode.INVALID_PRODUCER_EPOCH, 'A newer epoch of this producer has written here.');
    }
    const lastSequence = lastSequenceOf(header);
    if (header.producerEpoch > state.epoch) {
      if (header.baseSequence === 0) return undefined;
      throw outOfOrder(header, 0);
    }
    const duplicate = state.batches.find(
      (batch) => batch.firstSequence === header.baseSequence && batch.lastSequence === lastSequence,
    );
    if (duplicate !== undefined) return duplicate;
    const last = state.batches.at(-1);
    const expected = last === undefined ? 0 : (last.lastSequence + 1) % SEQUENCES;
    if (last !== undefined && header.baseSequence !== expected) throw outOfOrder(header, expected);
    return undefined;
  }

  /** Remembers a data batch that is now in the log. */
  noteBatch(header: BatchHeader, now: number): void {
    if (header.producerId < 0) return;
    const state = this.#stateAt(header.producerId, header.producerEpoch, now);
    state.batches.push({
      firstSequence: header.baseSequence,
      lastSequence: lastSequenceOf(header),
      baseOffset: header.baseOffset,
      maxTimestamp: header.maxTimestamp,
    });
    if (state.batches.length > REMEMBERED_BATCHES) state.batches.shift();
    if (header.transactional && !this.#open.has(header.producerId))
      this.#open.set(header.producerId, header.baseOffset);
  }

  /** Remembers a control batch that is now in the log: it ends the producer's transaction, if it wrote here. */
  noteMarker(header: BatchHeader, committed: boolean, now: number): void {
    const { producerId, producerEpoch, baseOffset: lastOffset } = header;
    this.#stateAt(producerId, producerEpoch, now);
    const firstOffset = this.#open.get(producerId);
    if (firstOffset !== undefined && !committed) this.#aborted.push({ producerId, firstOffset, lastOffset });
    this.#open.delete(producerId);
  }

  /** Whether this producer has a transaction open here. */
  isOpen(producerId: number): boolean {
    return this.#open.has(producerId);
  }

  /** The first offset that read_committed consumers may not see yet; undefined when nothing is open. */
  firstOpenOffset(): number | undefined {
    const [first] = this.#open.values();
    return first;
  }

  /** The aborted transactions that touch the offsets from `from` up to `to` (exclusive). */
  abortedBetween(from: number, to: number): AbortedTransaction[] {
    return this.#aborted.filter(({ firstOffset, lastOffset }) => lastOffset >= from && firstOffset < to);
  }

  /** Forgets transactions that ended before `startOffset`, and producers not seen since `before` (ms since 1970). */
  forget(startOffset: number, before: number): void {
    this.#aborted = this.#aborted.filter(({ lastOffset }) => lastOffset >= startOffset);
    for (const [producerId, { lastSeen }] of this.#states) {
      if (lastSeen < before && !this.#open.has(producerId)) this.#states.delete(producerId);
    }
  }

  #stateAt(producerId: number, epoch: number, now: number): ProducerState {
    let state = this.#states.get(producerId);
    if (state === undefined) {
      state = { epoch, batches: [], lastSeen: now };
      this.#states.set(producerId, state);
    }
    if (epoch > state.epoch) {
      state.epoch = epoch;
      state.batches = []; // sequences start again with each epoch
    }
    state.lastSeen = now;
    return state;
  }
}

function lastSequenceOf(header: BatchHeader): number {
  return (header.baseSequence + header.recordCount - 1) % SEQUENCES;
}

function outOfOrder(header: BatchHeader, expected: number): KafkaError {
  return new KafkaError(
    ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
    `Producer ${header.producerId} sent sequence ${header.baseSequence} where ${expected} was expected.`,
  );
}

import { ErrorCode, KafkaError } from '../protocol/errors.ts';
import type { Journal } from '../storage/journal.ts';
import type { Topics } from '../storage/topics.ts';
import type { GroupOffsets, OffsetCommit } from './group-offsets.ts';

const LONGEST_TIMEOUT_MS = 15 * 60 * 1000; // as Kafka's transaction.max.timeout.ms
const LAST_EPOCH = 32_766; // one below the largest int16, which is kept for fencing
const ID_BLOCK = 1000; // producer ids reserved by one write of the journal

/** The identity a producer writes with: the id, and the epoch that fences its earlier selves. */
export interface ProducerIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** What the journal keeps of a transactional id under ['transaction', id]. */
interface Transaction extends ProducerIdentity {
  readonly timeoutMs: number;
  readonly state: 'empty' | 'ongoing' | 'committing' | 'aborting' | 'committed' | 'aborted';
  /** When the open transaction began, ms since 1970. */
  readonly startedAt: number;
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[];
  readonly groups: readonly string[];
  /** Commits that take effect with the transaction. */
  readonly offsets: readonly (OffsetCommit & { readonly group: string })[];
}

const NOTHING_OPEN = { partitions: [], groups: [], offsets: [] } as const;

/** What the transaction coordinator works on. */
export interface TransactionsOptions {
  readonly journal: Journal;
  readonly topics: Topics;
  readonly offsets: GroupOffsets;
  readonly now: () => number;
  /** Told when a transaction that timed out could not be aborted; it is tried again after another timeout. */
  readonly onError: (error: unknown) => void;
}

/**
 * The transaction coordinator: producer ids, epochs, open transactions and their ends.
 *
 * Each step is in the journal before it is answered; an end decided before a crash is carried out at the next start.
 * Source: KIP-98, https://cwiki.apache.org/confluence/display/KAFKA/KIP-98+-+Exactly+Once+Delivery+and+Transactional+Messaging
 */
export class Transactions {
  readonly #options: TransactionsOptions;
  readonly #transactions = new Map<string, Transaction>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #nextProducerId: number;
  #reservedTo: number;

  constructor(options: TransactionsOptions) {
    this.#options = options;
    this.#reservedTo = options.journal.get<number>('producer-ids') ?? 0;
    this.#nextProducerId = this.#reservedTo;
    for (const [[id = ''], transaction] of [...options.journal.entries<Transaction>('transaction')]) {
      this.#transactions.set(id, transaction);
      if (transaction.state === 'committing' || transaction.state === 'aborting') this.#finish(id, transaction);
      else if (transaction.state === 'ongoing') this.#armTimeout(id, transaction);
    }
  }

  /**
   * Gives a producer its identity; for a transactional id the same producer id with a new epoch, which fences whoever
   * had it and aborts what that one left open.
   *
   * @throws KafkaError INVALID_REQUEST, INVALID_TRANSACTION_TIMEOUT or KAFKA_STORAGE_ERROR
   */
  initProducer(id: string | null, timeoutMs: number): ProducerIdentity {
    if (id === null) return { producerId: this.#newProducerId(), producerEpoch: 0 };
    if (id === '') throw new KafkaError(ErrorCode.INVALID_REQUEST, 'The transactional id is empty.');
    if (timeoutMs < 1 || timeoutMs > LONGEST_TIMEOUT_MS) {
      const message = `The transaction timeout must be 1 to ${LONGEST_TIMEOUT_MS} ms.`;
      throw new KafkaError(ErrorCode.INVALID_TRANSACTION_TIMEOUT, message);
    }
    let known = this.#transactions.get(id);
    if (known !== undefined && isOpen(known)) known = this.#fence(id, known);
    const identity =
      known === undefined || known.producerEpoch >= LAST_EPOCH
        ? { producerId: this.#newProducerId(), producerEpoch: 0 }
        : { producerId: known.producerId, producerEpoch: known.producerEpoch + 1 };
    this.#store(id, { ...identity, timeoutMs, state: 'empty', startedAt: 0, ...NOTHING_OPEN });
    return identity;
  }

  /**
   * Adds partitions to the open transaction, which begins with the first.
   *
   * @throws KafkaError as `check` does
   */
  addPartitions(
    id: string,
    identity: ProducerIdentity,
    partitions: readonly { topic: string; partition: number }[],
  ): void {
    const open = this.#begun(id, identity);
    const isNew = ({ topic, partition }: { topic: string; partition: number }) =>
      !open.partitions.some((known) => known.topic === topic && known.partition === partition);
    this.#store(id, { ...open, partitions: [...open.partitions, ...partitions.filter(isNew)] });
  }

  /** Adds a group whose commits the open transaction will carry. Throws KafkaError as `check` does. */
  addGroup(id: string, identity: ProducerIdentity, group: string): void {
    const open = this.#begun(id, identity);
    this.#store(id, { ...open, groups: [...new Set([...open.groups, group])] });
  }

  /** Keeps a group's commits until the transaction commits. Throws KafkaError as `check` does, or INVALID_TXN_STATE. */
  addOffsets(id: string, identity: ProducerIdentity, group: string, commits: readonly OffsetCommit[]): void {
    const open = this.#check(id, identity);
    if (open.state !== 'ongoing' || !open.groups.includes(group)) throw invalidState('The group was not added.');
    const replaced = (known: OffsetCommit & { readonly group: string }) =>
      known.group === group &&
      commits.some(({ topic, partition }) => topic === known.topic && partition === known.partition);
    const kept = open.offsets.filter((known) => !replaced(known));
    this.#store(id, { ...open, offsets: [...kept, ...commits.map((commit) => ({ ...commit, group }))] });
  }

  /** Refuses a transactional batch from a fenced producer, or for a partition that is not in its transaction. */
  checkProduce(id: string | null, identity: ProducerIdentity, topic: string, partition: number): void {
    if (id === null) throw new KafkaError(ErrorCode.INVALID_TXN_STATE, 'The request has no transactional id.');
    const open = this.#check(id, identity);
    const added = open.partitions.some((known) => known.topic === topic && known.partition === partition);
    if (open.state !== 'ongoing' || !added) throw invalidState('The partition was not added to the transaction.');
  }

  /** Commits or aborts the open transaction. Throws KafkaError as `check` does, or INVALID_TXN_STATE. */
  end(id: string, identity: ProducerIdentity, commit: boolean): void {
    const open = this.#check(id, identity);
    if (open.state === (commit ? 'committed' : 'aborted')) return; // the answer to the first request was lost
    const decided = commit ? 'committing' : 'aborting';
    // A decision already taken is carried out again: the disk refused a marker the last time.
    if (open.state !== 'ongoing' && open.state !== decided) throw invalidState(`The transaction is ${open.state}.`);
    this.#finish(id, open.state === decided ? open : this.#store(id, { ...open, state: decided }));
  }

  /** Stops all timers. */
  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  /** The transaction of a producer that may act on it. Throws INVALID_PRODUCER_ID_MAPPING or INVALID_PRODUCER_EPOCH. */
  #check(id: string, { producerId, producerEpoch }: ProducerIdentity): Transaction {
    const transaction = this.#transactions.get(id);
    if (transaction === undefined || transaction.producerId !== producerId) {
      const message = 'The producer id is not the one of this transactional id.';
      throw new KafkaError(ErrorCode.INVALID_PRODUCER_ID_MAPPING, message);
    }
    if (transaction.producerEpoch !== producerEpoch) {
      throw new KafkaError(ErrorCode.INVALID_PRODUCER_EPOCH, 'Another producer has taken this transactional id.');
    }
    return transaction;
  }

  #begun(id: string, identity: ProducerIdentity): Transaction {
    const known = this.#check(id, identity);
    if (known.state === 'ongoing') return known;
    if (isOpen(known)) throw invalidState(`The transaction is ${known.state}.`);
    const begun: Transaction = { ...known, state: 'ongoing', startedAt: this.#options.now(), ...NOTHING_OPEN };
    this.#armTimeout(id, begun);
    return begun;
  }

  /** Ends what a producer left open and takes its epoch away, so that it cannot write any more. */
  #fence(id: string, open: Transaction): Transaction {
    const state = open.state === 'committing' ? 'committing' : 'aborting';
    return this.#finish(id, this.#store(id, { ...open, state, producerEpoch: open.producerEpoch + 1 }));
  }

  /** Writes the markers of a decided transaction; repeating it after a crash or a failure writes only missing ones. */
  #finish(id: string, decided: Transaction): Transaction {
    const { topics, offsets, journal } = this.#options;
    const commit = decided.state === 'committing';
    for (const { topic, partition } of decided.partitions) {
      const log = topics.find(topic)?.partitions[partition]; // the topic may be deleted by now
      if (log?.hasOpenTransaction(decided.producerId)) {
        log.appendMarker(decided.producerId, decided.producerEpoch, commit);
      }
    }
    const ended: Transaction = { ...decided, state: commit ? 'committed' : 'aborted', ...NOTHING_OPEN };
    const change = { key: ['transaction', id], value: ended };
    const live = decided.offsets.filter(({ topic }) => topics.find(topic) !== undefined);
    if (commit) offsets.commit(live, [change]);
    else journal.write([change]);
    this.#transactions.set(id, ended);
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    return ended;
  }

  #armTimeout(id: string, { startedAt, timeoutMs }: Transaction): void {
    clearTimeout(this.#timers.get(id));
    const expire = () => {
      const transaction = this.#transactions.get(id);
      if (transaction === undefined || !isOpen(transaction)) return;
      try {
        this.#fence(id, transaction);
      } catch (error) {
        this.#options.onError(error);
        this.#armTimeout(id, { ...transaction, startedAt: this.#options.now() });
      }
    };
    this.#timers.set(id, setTimeout(expire, Math.max(0, startedAt + timeoutMs - this.#options.now())));
  }

  #store(id: string, value: Transaction): Transaction {
    this.#options.journal.write([{ key: ['transaction', id], value }]);
    this.#transactions.set(id, value);
    return value;
  }

  #newProducerId(): number {
    if (this.#nextProducerId >= this.#reservedTo) {
      this.#options.journal.write([{ key: ['producer-ids'], value: this.#reservedTo + ID_BLOCK }]);
      this.#reservedTo += ID_BLOCK;
    }
    return this.#nextProducerId++;
  }
}

function isOpen({ state }: Transaction): boolean {
  return state === 'ongoing' || state === 'committing' || state === 'aborting';
}

function invalidState(message: string): KafkaError {
  return new KafkaError(ErrorCode.INVALID_TXN_STATE, message);
}

import { Binary, Long } from 'bson';
import { type Doc, docOf } from './bson/doc.ts';
import { MongoFault } from './errors.ts';

/** What one session's last retryable command did, by statement. */
export interface SessionRecord {
  readonly id: Binary;
  readonly transaction: bigint;
  readonly results: Map<number, Doc>;
  readonly usedAt: number;
}

const timeoutMs = 30 * 60_000;

/**
 * Remembers the results of retryable writes by session, transaction number and statement
 * (https://github.com/mongodb/specifications/blob/master/source/retryable-writes/retryable-writes.md), so that a write
 * sent again after a lost answer is answered and not repeated. Records travel in the log with the writes themselves.
 */
export class Sessions {
  readonly #records = new Map<string, SessionRecord>();

  /**
   * The results there are for a transaction number of a session; empty for a new one.
   *
   * @throws MongoFault 225 TransactionTooOld when the session has gone on to a later number
   */
  results(id: Binary, transaction: bigint): ReadonlyMap<number, Doc> {
    const record = this.#records.get(keyOf(id));
    if (record === undefined || record.transaction < transaction) return new Map();
    if (record.transaction > transaction) {
      throw new MongoFault(
        225,
        `Retryable write with txnNumber ${transaction} is prohibited on session because a newer retryable write with txnNumber ${record.transaction} has already started on this session.`,
      );
    }
    return record.results;
  }

  /** Takes in an entry made by {@link entryOf}, from a write just done or from the log. */
  apply(entry: Doc): void {
    const id = entry.id;
    const transaction = entry.txn;
    if (!(id instanceof Binary) || !(transaction instanceof Long) || !Array.isArray(entry.results)) return;
    const number = transaction.toBigInt();
    const key = keyOf(id);
    const known = this.#records.get(key);
    const results = known !== undefined && known.transaction === number ? known.results : new Map<number, Doc>();
    for (const { s, r } of entry.results as { s: number; r: Doc }[]) results.set(s, r);
    const usedAt = entry.at instanceof Date ? entry.at.getTime() : 0;
    // Set anew, so that the map stays in the order of use.
    this.#records.delete(key);
    this.#records.set(key, { id, transaction: number, results, usedAt });
  }

  /** Forgets sessions nobody used for 30 minutes. */
  expire(now: number): void {
    for (const [key, record] of this.#records) {
      if (now - record.usedAt < timeoutMs) return;
      this.#records.delete(key);
    }
  }

  /** Entries for all sessions, for a snapshot. */
  entries(): Doc[] {
    return [...this.#records.values()].map(({ id, transaction, results, usedAt }) =>
      entryOf(id, transaction, results, new Date(usedAt)),
    );
  }
}

/** The log entry of a session's results. */
export function entryOf(id: Binary, transaction: bigint, results: ReadonlyMap<number, Doc>, at: Date): Doc {
  return docOf({
    op: 'session',
    id,
    txn: Long.fromBigInt(transaction),
    at,
    results: [...results].map(([s, r]) => docOf({ s, r })),
  });
}

function keyOf(id: Binary): string {
  return id.toString('hex');
}

import { type Change, compareMoments, type Moment } from './change.ts';

/** The newest changes, bounded in number and bytes; change streams read them and resume in them. */
export class Oplog {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #listeners = new Set<() => void>();
  #entries: { change: Change; bytes: number }[] = [];
  #start = 0;
  #bytes = 0;
  /** The newest change that was dropped: a stream cannot resume before it. */
  #horizon: Moment = { t: 0, i: 0 };

  constructor(maxEntries = 20_000, maxBytes = 32 << 20) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  /** Bytes of the documents it holds. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a change, newer than all before, and drops what is too much. */
  push(change: Change, bytes: number): void {
    this.#entries.push({ change, bytes });
    this.#bytes += bytes;
    while (this.#entries.length - this.#start > this.#maxEntries || this.#bytes > this.#maxBytes) {
      const oldest = this.#entries[this.#start];
      if (oldest === undefined) break;
      this.#start++;
      this.#bytes -= oldest.bytes;
      this.#horizon = oldest.change;
    }
    if (this.#start > this.#maxEntries) {
      this.#entries = this.#entries.slice(this.#start);
      this.#start = 0;
    }
  }

  /** The newest change that is not there any more. */
  get horizon(): Moment {
    return this.#horizon;
  }

  /** Says that everything up to a moment is gone (read from a compacted log). */
  forget(until: Moment): void {
    if (compareMoments(until, this.#horizon) > 0) this.#horizon = until;
  }

  /** The changes after a moment, oldest first; undefined when some of them are gone. */
  after(moment: Moment): readonly Change[] | undefined {
    if (compareMoments(moment, this.#horizon) < 0) return undefined;
    let low = this.#start;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.#entries[middle];
      if (entry !== undefined && compareMoments(entry.change, moment) <= 0) low = middle + 1;
      else high = middle;
    }
    return this.#entries.slice(low).map((entry) => entry.change);
  }

  /** All changes it holds. */
  all(): readonly Change[] {
    return this.#entries.slice(this.#start).map((entry) => entry.change);
  }

  /** Wakes everybody who waits for a change. */
  announce(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls back at each announcement until the returned function is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

import { type HourCount, hourMs } from './baseline.ts';

/** Hourly counts in 12 bytes an hour, for as long as they have to be remembered. */
export class PackedHours implements Iterable<HourCount> {
  readonly #hours: Uint32Array;
  readonly #negative: Uint32Array;
  readonly #total: Uint32Array;

  /** @param counts of whole hours, in any order */
  constructor(counts: readonly HourCount[]) {
    this.#hours = Uint32Array.from(counts, ({ at }) => at / hourMs);
    this.#negative = Uint32Array.from(counts, ({ negative }) => negative);
    this.#total = Uint32Array.from(counts, ({ total }) => total);
  }

  *[Symbol.iterator](): Generator<HourCount> {
    for (const [index, hour] of this.#hours.entries()) {
      yield { at: hour * hourMs, negative: this.#negative[index] ?? 0, total: this.#total[index] ?? 0 };
    }
  }
}

/** How many dead letters are normal; more mean that something is wrong with a producer or with koe itself. */
export interface DeadLetterLimit {
  readonly count: number;
  readonly windowMs: number;
}

/** Counts dead letters over a sliding window. */
export class DeadLetterWindow {
  readonly limit: DeadLetterLimit;
  /** Oldest first. */
  #admitted: { readonly at: number; readonly count: number }[] = [];

  constructor(limit: DeadLetterLimit) {
    this.limit = limit;
  }

  /** Takes `count` more dead letters at time `now` (milliseconds), or none of them if that would pass the limit. */
  admit(count: number, now: number): boolean {
    this.#admitted = this.#admitted.filter(({ at }) => now - at < this.limit.windowMs);
    const recent = this.#admitted.reduce((sum, entry) => sum + entry.count, 0);
    if (recent + count > this.limit.count) return false;
    if (count > 0) this.#admitted.push({ at: now, count });
    return true;
  }
}

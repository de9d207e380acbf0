/** Whether a consumer is alive and able to work, judged by what it gets done. */
export interface Health {
  /** False when nothing has moved for too long although it should: restart the process. */
  readonly live: boolean;
  /** False while messages cannot be handled: a dependency is away, or the group has not been joined. */
  readonly ready: boolean;
  /** The reason in words. */
  readonly detail: string;
}

/** Milliseconds without any fetch after which a consumer with nothing in hand is not ready. */
const quietMs = 10_000;

/** Keeps track of what moves in a consumer: fetches, messages taken up and messages handled. */
export class Progress {
  readonly #now: () => number;
  readonly #stallMs: number;
  /** Partitions with messages in hand, and since when none of them has been handled. */
  readonly #inHand = new Map<string, number>();
  /** Partitions whose messages wait for a dependency, with its name. */
  readonly #waitingFor = new Map<string, string>();
  #joined = false;
  #connecting = true;
  #lastMove: number;

  constructor(now: () => number, stallMs: number) {
    this.#now = now;
    this.#stallMs = stallMs;
    this.#lastMove = now();
  }

  /** The engine is building a connection and will end the consumer itself if that takes too long. */
  connecting(): void {
    this.#connecting = true;
    this.#joined = false;
    this.#inHand.clear();
    this.#waitingFor.clear();
  }

  /** An assignment has arrived. */
  joined(): void {
    this.#connecting = false;
    this.#joined = true;
    this.#lastMove = this.#now();
  }

  /** A fetch was answered, with or without messages. */
  fetched(): void {
    this.#lastMove = this.#now();
  }

  /** Messages of a partition were taken up, or some of them were handled and more remain. */
  holds(partition: string): void {
    this.#lastMove = this.#now();
    this.#inHand.set(partition, this.#lastMove);
  }

  /** Nothing of the partition is in hand any more. */
  releases(partition: string): void {
    this.#lastMove = this.#now();
    this.#inHand.delete(partition);
    this.#waitingFor.delete(partition);
  }

  /** The messages in hand wait for a dependency that is away. */
  waitsFor(partition: string, dependency: string): void {
    this.#waitingFor.set(partition, dependency);
  }

  /** The dependency answered. */
  goesOn(partition: string): void {
    if (this.#waitingFor.delete(partition)) this.holds(partition);
  }

  /** Milliseconds for which nothing has moved that should have; 0 while a known outage explains it. */
  stalledMs(): number {
    if (this.#connecting) return 0;
    const now = this.#now();
    if (this.#inHand.size === 0) return now - this.#lastMove;
    const working = [...this.#inHand].filter(([partition]) => !this.#waitingFor.has(partition));
    return Math.max(0, ...working.map(([, since]) => now - since));
  }

  /** The judgement of this moment. */
  health(): Health {
    const stalledMs = this.stalledMs();
    const live = stalledMs < this.#stallMs;
    if (!live) {
      const what = this.#inHand.size === 0 ? 'no fetch was answered' : 'messages are waiting and none was handled';
      return { live, ready: false, detail: `${what} for ${Math.round(stalledMs / 1000)} s` };
    }
    const [away] = this.#waitingFor.values();
    if (away !== undefined) return { live, ready: false, detail: `waiting for ${away}` };
    if (!this.#joined) return { live, ready: false, detail: 'joining the consumer group' };
    if (this.#inHand.size === 0 && stalledMs > quietMs) return { live, ready: false, detail: 'Kafka does not answer' };
    return { live, ready: true, detail: this.#inHand.size === 0 ? 'waiting for messages' : 'handling messages' };
  }
}

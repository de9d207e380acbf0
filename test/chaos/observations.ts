/** A chunk that a worker says it has handled and committed. */
export interface HandledChunk {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly worker: string;
  /** `topic/partition`. */
  readonly partition: string;
  readonly messages: number;
}

/** What workers told in their logs while they ran. */
export class Observations {
  readonly handled: HandledChunk[] = [];
  /** Ends of workers that nobody killed, in words. */
  readonly unexpectedEnds: string[] = [];
  readonly #assigned = new Map<string, ReadonlySet<string>>();
  readonly #waiting = new Set<(chunk: HandledChunk) => void>();
  #joins = 0;

  /** Takes a line of a worker's log. */
  read(worker: string, line: string): void {
    if (line.includes('"handled a batch"')) {
      const { time, topic, partition, messages } = JSON.parse(line);
      const chunk = { at: Date.parse(time), worker, partition: `${topic}/${partition}`, messages };
      this.handled.push(chunk);
      for (const told of this.#waiting) told(chunk);
    } else if (line.includes('"joined the consumer group"')) {
      const { assignment } = JSON.parse(line) as { assignment: { topic: string; partitions: number[] }[] };
      const names = assignment.flatMap(({ topic, partitions }) => partitions.map((id) => `${topic}/${id}`));
      this.#assigned.set(worker, new Set(names));
      this.#joins += 1;
    }
  }

  /** How often workers have been given partitions. */
  get joins(): number {
    return this.#joins;
  }

  /** Partitions that a worker had at last. */
  partitionsOf(worker: string): ReadonlySet<string> {
    return this.#assigned.get(worker) ?? new Set();
  }

  /** How many messages were handled, each counted as often as it was. */
  get messages(): number {
    return this.handled.reduce((sum, { messages }) => sum + messages, 0);
  }

  /**
   * Milliseconds from a time until every one of the partitions was committed again, by whomever; undefined when some
   * have not been until the deadline.
   */
  async untilHandled(partitions: ReadonlySet<string>, since: number, withinMs: number): Promise<number | undefined> {
    const open = new Set(partitions);
    let last = since;
    const settle = ({ at, partition }: HandledChunk) => {
      if (at > since && open.delete(partition)) last = Math.max(last, at);
    };
    for (const chunk of this.handled) settle(chunk);
    if (open.size > 0) {
      await new Promise<void>((resolve) => {
        const listen = (chunk: HandledChunk) => {
          settle(chunk);
          if (open.size === 0) end();
        };
        const end = () => {
          clearTimeout(timer);
          this.#waiting.delete(listen);
          resolve();
        };
        const timer = setTimeout(end, withinMs);
        this.#waiting.add(listen);
      });
    }
    return open.size === 0 ? last - since : undefined;
  }
}

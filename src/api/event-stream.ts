import { Readable } from 'node:stream';

/** What a client may leave unread before it is taken to be gone; characters. */
const mostUnread = 4_194_304;

/**
 * Events to one client that stays connected.
 *
 * Source: HTML Living Standard, "Server-sent events".
 */
export class EventStream extends Readable {
  #isOver = false;

  /** @param retryMs how long a client waits before it connects again */
  constructor(retryMs: number) {
    super();
    this.push(`retry: ${retryMs}\n\n`);
  }

  override _read(): void {}

  /** Sends an event with a value as JSON. With an id, a client that connects again asks for what came after it. */
  event(name: string, value: unknown, id?: string): void {
    const line = id === undefined ? '' : `id: ${id}\n`;
    this.#write(`${line}event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
  }

  /** Keeps whatever lies between from taking the connection for dead. */
  heartbeat(): void {
    this.#write(':\n\n');
  }

  /** Ends the answer as a whole one. */
  end(): void {
    if (this.#isOver || this.destroyed) return;
    this.#isOver = true;
    this.push(null);
  }

  #write(text: string): void {
    if (this.#isOver || this.destroyed) return;
    // A client that does not read must not fill the memory; it may come back and go on where it was.
    if (this.readableLength + text.length > mostUnread) this.destroy();
    else this.push(text);
  }
}

import { randomInt } from 'node:crypto';
import { Long } from 'bson';
import { type Doc, docOf, RawBson } from './bson/doc.ts';
import { BsonWriter } from './bson/encode.ts';
import { MongoFault } from './errors.ts';
import { maxDocumentBytes } from './storage/write-unit.ts';

const idleMs = 10 * 60_000;

/** Documents a client has not fetched yet. */
export interface CursorSource {
  /** The next document, or undefined when there is none (now, if more may come). */
  next(): Doc | undefined;
  /** True when no more will come. */
  readonly isExhausted: boolean;
  /** Waits until there may be more; only sources of change streams have it. */
  wait?(ms: number, signal: AbortSignal): Promise<void>;
  /** Fields a reply carries beside the batch (`postBatchResumeToken`). */
  state?(): Doc;
}

/** A source of a list that is complete. */
export function listSource(documents: Iterable<Doc>): CursorSource {
  const iterator = documents[Symbol.iterator]();
  let ahead = iterator.next();
  return {
    next() {
      const { value, done } = ahead;
      if (done === true) return undefined;
      ahead = iterator.next();
      return value;
    },
    get isExhausted() {
      return ahead.done === true;
    },
  };
}

interface OpenCursor {
  readonly ns: string;
  readonly source: CursorSource;
  usedAt: number;
}

/** The open cursors of the server by id. */
export class Cursors {
  readonly #open = new Map<string, OpenCursor>();
  readonly #writer = new BsonWriter();

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  /** The first reply of a cursor, which stays open when there is more to fetch. */
  first(ns: string, source: CursorSource, batchSize: number, single = false): Doc {
    const batch = this.#batch(source, batchSize);
    let id = Long.ZERO;
    if (!source.isExhausted && !single) {
      id = Long.fromNumber(randomInt(1, 2 ** 47));
      this.#open.set(String(id), { ns, source, usedAt: Date.now() });
    }
    const cursor = docOf({ firstBatch: batch, id, ns });
    return docOf({ cursor: source.state === undefined ? cursor : Object.assign(cursor, source.state()), ok: 1 });
  }

  /** The next batch of a cursor; throws 43 CursorNotFound. */
  async more(id: Long, ns: string, batchSize: number, waitMs: number, signal: AbortSignal): Promise<Doc> {
    const open = this.#open.get(String(id));
    if (open === undefined || open.ns !== ns) throw new MongoFault(43, `cursor id ${id} not found`);
    open.usedAt = Date.now();
    const { source } = open;
    const limit = batchSize === 0 ? Number.POSITIVE_INFINITY : batchSize;
    let nextBatch: RawBson[];
    try {
      nextBatch = this.#batch(source, limit);
      const until = Date.now() + waitMs;
      // Changes may come that the stream's pipeline filters out: then there is still nothing to answer with.
      while (nextBatch.length === 0 && !source.isExhausted && source.wait !== undefined && Date.now() < until) {
        await source.wait(until - Date.now(), signal);
        if (signal.aborted) break;
        nextBatch = this.#batch(source, limit);
      }
    } catch (error) {
      this.#open.delete(String(id));
      throw error;
    }
    const isOpen = this.#open.has(String(id)) && !source.isExhausted;
    if (!isOpen) this.#open.delete(String(id));
    open.usedAt = Date.now();
    const cursor = docOf({ nextBatch, id: isOpen ? id : Long.ZERO, ns });
    return docOf({ cursor: source.state === undefined ? cursor : Object.assign(cursor, source.state()), ok: 1 });
  }

  #batch(source: CursorSource, limit: number): RawBson[] {
    const batch: RawBson[] = [];
    let bytes = 0;
    while (batch.length < limit && bytes < maxDocumentBytes) {
      const doc = source.next();
      if (doc === undefined) break;
      this.#writer.document(doc);
      bytes += this.#writer.length;
      batch.push(new RawBson(this.#writer.take()));
    }
    return batch;
  }

  /** Closes a cursor; false when there is none. */
  kill(id: Long): boolean {
    return this.#open.delete(String(id));
  }

  /** Closes the cursors nobody used for ten minutes. */
  expire(now: number): void {
    for (const [id, { usedAt }] of this.#open) if (now - usedAt > idleMs) this.#open.delete(id);
  }
}

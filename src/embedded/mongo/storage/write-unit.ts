import type { Binary } from 'bson';
import { type Doc, docOf } from '../bson/doc.ts';
import { BsonWriter } from '../bson/encode.ts';
import { MongoFault } from '../errors.ts';
import { entryOf } from '../sessions.ts';
import type { Change } from './change.ts';
import type { Collection } from './collection.ts';
import type { Store } from './store.ts';
import type { StoredRecord } from './stored-record.ts';

/** Bytes of the largest document MongoDB stores. */
export const maxDocumentBytes = 16 << 20;

type Reported = Omit<Change, 't' | 'i'>;

/** Session, transaction number and results so far of a retryable write. */
export interface Retryable {
  readonly id: Binary;
  readonly transaction: bigint;
  readonly results: ReadonlyMap<number, Doc>;
}

/**
 * The writes of one command. They are carried out in memory at once, one after another, and go to the log as one frame
 * with the results a retry would need; if the log refuses them, they are taken back before anybody has seen them.
 */
export class WriteUnit {
  readonly #store: Store;
  readonly #retryable: Retryable | undefined;
  readonly #writer = new BsonWriter();
  readonly #results = new Map<number, Doc>();
  #undo: (() => void)[] = [];
  #changes: { change: Reported; bytes: number; at: number }[] = [];
  #count = 0;

  constructor(store: Store, retryable?: Retryable) {
    this.#store = store;
    this.#retryable = retryable;
  }

  /**
   * Stores a new document; throws what {@link Collection.insert} does, or `tooLarge`: 2 BadValue, as inserts answer,
   * unless it comes from an update (17420).
   */
  insert(collection: Collection, doc: Doc, tooLarge = 2): void {
    const size = this.#entry('i', tooLarge, collection, doc, () => {
      const record = collection.insert(doc, 0);
      this.#undo.push(() => collection.remove(record));
      return record;
    });
    this.#report('insert', collection, doc._id, size, undefined, doc);
  }

  /** Replaces a document; `update` is how change streams call a change made by operators. */
  replace(collection: Collection, record: StoredRecord, doc: Doc, kind: 'update' | 'replace'): void {
    const { doc: before, size: sizeBefore } = record;
    const size = this.#entry(kind === 'update' ? 'u' : 'r', 17419, collection, doc, () => {
      collection.replace(record, doc, record.size);
      this.#undo.push(() => collection.replace(record, before, sizeBefore));
      return record;
    });
    this.#report(kind, collection, doc._id, size, before, doc);
  }

  /** Deletes a document. */
  remove(collection: Collection, record: StoredRecord): void {
    collection.remove(record);
    this.#undo.push(() => collection.restore(record));
    this.#writer.document(docOf({ op: 'd', ns: collection.ns, o: docOf({ _id: record.doc._id }) }));
    this.#report('delete', collection, record.doc._id, 64, undefined, undefined);
  }

  /** Remembers the result of a statement for a retry. */
  remember(statement: number, result: Doc): void {
    if (this.#retryable !== undefined) this.#results.set(statement, result);
  }

  #entry(op: string, tooLarge: number, collection: Collection, doc: Doc, apply: () => StoredRecord): number {
    const start = this.#writer.length;
    this.#writer.document(docOf({ op, ns: collection.ns, o: doc }));
    const size = this.#writer.length - start - 27 - Buffer.byteLength(collection.ns);
    try {
      if (size > maxDocumentBytes) {
        const message = `object to ${op === 'i' ? 'insert' : 'store'} too large. size in bytes: ${size}, max size: ${maxDocumentBytes}`;
        throw new MongoFault(tooLarge, message);
      }
      const record = apply();
      collection.bytes += size - record.size;
      record.size = size;
    } catch (error) {
      this.#writer.rewind(start);
      throw error;
    }
    return size;
  }

  #report(
    kind: Change['kind'],
    collection: Collection,
    id: unknown,
    bytes: number,
    before: Doc | undefined,
    after: Doc | undefined,
  ): void {
    const change: Reported = {
      kind,
      database: collection.database,
      collection: collection.name,
      id,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
    this.#changes.push({ change, bytes: before === undefined ? bytes : 2 * bytes, at: this.#count++ });
  }

  /** Commits early when much has gathered, so that no frame grows without bound. */
  relieve(): void {
    if (this.#writer.length > 8 << 20) this.commit();
  }

  /** Makes the writes durable and visible to change streams; throws 14031 OutOfDiskSpace and has taken them back. */
  commit(): void {
    const { id, transaction } = this.#retryable ?? {};
    let session: Doc | undefined;
    if (id !== undefined && transaction !== undefined && this.#results.size > 0) {
      session = entryOf(id, transaction, this.#results, new Date());
      this.#writer.document(session);
      this.#count++;
    }
    if (this.#count === 0) return;
    try {
      const first = this.#store.append(this.#count, this.#writer.take());
      if (session !== undefined) this.#store.sessions.apply(session);
      for (const { change, bytes, at } of this.#changes) {
        this.#store.oplog.push({ ...change, t: first.t, i: first.i + at }, bytes);
      }
    } catch (error) {
      this.rollback();
      throw error;
    }
    this.#forget();
    this.#store.oplog.announce();
  }

  /** Takes back everything since the last commit. */
  rollback(): void {
    for (const undo of this.#undo.reverse()) undo();
    this.#forget();
  }

  #forget(): void {
    this.#writer.rewind(0);
    this.#undo = [];
    this.#changes = [];
    this.#count = 0;
    this.#results.clear();
  }
}

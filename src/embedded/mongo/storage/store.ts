import { randomBytes } from 'node:crypto';
import { Timestamp } from 'bson';
import { BsonReader } from '../bson/decode.ts';
import { Doc, docOf } from '../bson/doc.ts';
import { BsonWriter } from '../bson/encode.ts';
import { MongoFault } from '../errors.ts';
import { parseIndexSpec } from '../index/index-spec.ts';
import { Sessions } from '../sessions.ts';
import type { Change, Moment } from './change.ts';
import { Collection } from './collection.ts';
import { type Frame, frameKind, Log, type LogFaults } from './log.ts';
import { Oplog } from './oplog.ts';
import { snapshotFrames } from './snapshot.ts';

const compactAbove = 32 << 20;

/** All databases in memory, and the log that makes them durable. */
export class Store {
  readonly databases = new Map<string, Map<string, Collection>>();
  readonly oplog = new Oplog();
  readonly sessions = new Sessions();
  readonly #log: Log;
  readonly #reader = new BsonReader();
  #identity = randomBytes(4).toString('hex');
  #clock: Moment = { t: 0, i: 0 };
  #compacting: Promise<void> | undefined;

  /** Reads the log of a folder; see {@link Log.open} for what it throws. */
  constructor(folder: string, faults: LogFaults = {}) {
    let isNew = true;
    this.#log = Log.open(
      folder,
      (frame) => {
        isNew = false;
        this.#replay(frame);
      },
      faults,
    );
    if (isNew) this.define(docOf({ op: 'identity', id: this.#identity }));
  }

  /** A name of this data folder's history; resume tokens of another one are refused. */
  get identity(): string {
    return this.#identity;
  }

  /** The moment of the newest write. */
  get now(): Moment {
    return this.#clock;
  }

  /** {@link now} as replies carry it. */
  get operationTime(): Timestamp {
    return new Timestamp(this.#clock);
  }

  /** Finds a collection. */
  find(database: string, name: string): Collection | undefined {
    return this.databases.get(database)?.get(name);
  }

  /** Finds a collection or makes it. */
  require(database: string, name: string): Collection {
    const found = this.find(database, name);
    if (found !== undefined) return found;
    this.define(docOf({ op: 'create', ns: `${database}.${name}`, o: new Doc() }));
    const made = this.find(database, name);
    if (made === undefined) throw new MongoFault(1, `cannot create ${database}.${name}`);
    return made;
  }

  /** Writes a definition (a collection, an index, ...) to the log and carries it out. */
  define(entry: Doc): void {
    const writer = new BsonWriter();
    writer.document(entry);
    const moment = this.append(1, writer.take());
    this.#apply(entry, moment, true);
    this.oplog.announce();
  }

  /**
   * Appends a frame of entries; entry number n of it gets the moment returned plus n.
   *
   * @throws MongoFault 14031 OutOfDiskSpace, and then nothing is written
   */
  append(count: number, entries: Uint8Array): Moment {
    const seconds = Math.max(this.#clock.t, Math.floor(Date.now() / 1000));
    const first = { t: seconds, i: seconds === this.#clock.t ? this.#clock.i + 1 : 1 };
    const payload = Buffer.allocUnsafe(8 + entries.length);
    payload.writeUInt32LE(first.t, 0);
    payload.writeUInt32LE(first.i, 4);
    payload.set(entries, 8);
    this.#log.append(frameKind.live, payload);
    this.#clock = { t: first.t, i: first.i + count - 1 };
    this.#compactWhenDue();
    return first;
  }

  /** Resolves when everything written is on the disk. */
  sync(): Promise<void> {
    return this.#log.sync();
  }

  /** Waits for a compaction under way and closes the log. */
  async close(): Promise<void> {
    const closing = this.#log.close();
    await this.#compacting;
    await closing;
  }

  #compactWhenDue(): void {
    if (this.#compacting !== undefined || this.#log.size < compactAbove) return;
    let live = this.oplog.bytes * 2;
    for (const database of this.databases.values())
      for (const collection of database.values()) live += collection.bytes;
    if (this.#log.size > 2 * live + compactAbove) {
      this.#compacting = this.compact().finally(() => {
        this.#compacting = undefined;
      });
    }
  }

  /** Rewrites the log as a snapshot of what there is; other work goes on meanwhile. */
  compact(): Promise<void> {
    const identity = docOf({ op: 'identity', id: this.#identity });
    return this.#log.rewrite(
      snapshotFrames(this.databases, identity, this.sessions.entries(), this.oplog, this.#clock),
    );
  }

  #replay({ kind, payload }: Frame): void {
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    const t = bytes.readUInt32LE(0);
    let i = bytes.readUInt32LE(4);
    for (let at = 8; at < bytes.length; at += bytes.readInt32LE(at), i++) {
      const entry = this.#reader.read(bytes, at);
      if (kind === frameKind.history) this.#history(entry);
      else this.#apply(entry, { t, i }, kind === frameKind.live, bytes.readInt32LE(at));
    }
    this.#clock = { t, i: Math.max(i - 1, 0) };
  }

  #history(entry: Doc): void {
    const moment = { t: Number(entry.t), i: Number(entry.i) };
    if (entry.op === 'horizon') this.oplog.forget(moment);
    else this.oplog.push({ ...(entry.change as unknown as Change), ...moment }, Number(entry.bytes));
  }

  #apply(entry: Doc, moment: Moment, isLive: boolean, bytes = 64): void {
    const ns = String(entry.ns ?? '');
    const dot = ns.indexOf('.');
    const database = ns.slice(0, dot);
    const name = ns.slice(dot + 1);
    const object = entry.o instanceof Doc ? entry.o : new Doc();
    const report = (change: Omit<Change, 't' | 'i' | 'database' | 'collection'>) => {
      if (isLive) this.oplog.push({ ...change, ...moment, database, collection: name }, bytes);
    };
    const overhead = 27 + Buffer.byteLength(ns);
    switch (entry.op) {
      case 'identity':
        this.#identity = String(entry.id);
        return;
      case 'session':
        this.sessions.apply(entry);
        return;
      case 'create':
        this.#create(database, name, object);
        return;
      case 'collMod':
        this.find(database, name)?.setOptions(object);
        return;
      case 'index': {
        const collection = this.#existing(database, name);
        collection.indexes.push(collection.buildIndex(parseIndexSpec(object)));
        return;
      }
      case 'dropIndex': {
        const { indexes } = this.#existing(database, name);
        indexes.splice(0, indexes.length, ...indexes.filter((index) => index.spec.name !== entry.name));
        return;
      }
      case 'drop':
        this.databases.get(database)?.delete(name);
        if (this.databases.get(database)?.size === 0) this.databases.delete(database);
        report({ kind: 'drop' });
        return;
      case 'dropDatabase':
        this.databases.delete(database);
        report({ kind: 'dropDatabase' });
        return;
      case 'i':
        this.#existing(database, name).insert(object, bytes - overhead);
        report({ kind: 'insert', id: object._id, after: object });
        return;
      case 'u':
      case 'r': {
        const collection = this.#existing(database, name);
        const record = collection.byId(object._id);
        if (record === undefined) throw new Error(`the log changes a document of ${ns} that is not there`);
        const before = record.doc;
        collection.replace(record, object, bytes - overhead);
        report({ kind: entry.op === 'u' ? 'update' : 'replace', id: object._id, before, after: object });
        return;
      }
      case 'd': {
        const collection = this.#existing(database, name);
        const record = collection.byId(object._id);
        if (record !== undefined) collection.remove(record);
        report({ kind: 'delete', id: object._id });
        return;
      }
      default:
        throw new Error(`the log holds an entry of unknown kind ${String(entry.op)}`);
    }
  }

  #create(database: string, name: string, options: Doc): void {
    const collections = this.databases.get(database) ?? new Map<string, Collection>();
    this.databases.set(database, collections);
    collections.set(name, new Collection(database, name, options));
  }

  #existing(database: string, name: string): Collection {
    const collection = this.find(database, name);
    if (collection === undefined) throw new Error(`the log writes to ${database}.${name}, which is not there`);
    return collection;
  }
}

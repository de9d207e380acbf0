import type { Doc } from '../bson/doc.ts';
import { docOf } from '../bson/doc.ts';
import { KeyWriter } from '../bson/key.ts';
import { Index } from '../index/index.ts';
import { type IndexSpec, parseIndexSpec } from '../index/index-spec.ts';
import type { StoredRecord } from './stored-record.ts';
import { parseValidator, type Validator } from './validator.ts';

/** A collection in memory: its records in the order of insertion, its indexes and its validator. */
export class Collection {
  readonly database: string;
  readonly name: string;
  readonly ns: string;
  readonly records = new Map<string, StoredRecord>();
  readonly indexes: Index[] = [];
  readonly idIndex: Index;
  options: Doc;
  validator: Validator | undefined;
  /** Bytes of all documents as BSON. */
  bytes = 0;
  readonly #keys = new KeyWriter();
  #order = 0;

  constructor(database: string, name: string, options: Doc) {
    this.database = database;
    this.name = name;
    this.ns = `${database}.${name}`;
    this.options = options;
    this.validator = parseValidator(options);
    this.idIndex = new Index(parseIndexSpec(docOf({ key: docOf({ _id: 1 }), name: '_id_', unique: true })));
    this.indexes.push(this.idIndex);
  }

  /** Replaces the options (`collMod`). */
  setOptions(options: Doc): void {
    this.validator = parseValidator(options);
    this.options = options;
  }

  /** The record with an `_id`. */
  byId(id: unknown): StoredRecord | undefined {
    return this.records.get(this.#keys.value(id).take());
  }

  /** Adds a document that has an `_id`; throws 11000 DuplicateKey and then has changed nothing. */
  insert(doc: Doc, size: number): StoredRecord {
    const key = this.#keys.value(doc._id).take();
    if (this.records.has(key)) throw this.idIndex.duplicate(doc, this.ns);
    const record: StoredRecord = { order: this.#order++, key, doc, size };
    const keys = this.indexes.map((index) => (index === this.idIndex ? [key] : index.keysOf(doc)));
    this.indexes.forEach((index, at) => {
      if (index !== this.idIndex) index.checkUnique(keys[at] ?? [], doc, undefined, this.ns);
    });
    this.indexes.forEach((index, at) => {
      for (const entry of keys[at] ?? []) index.entries.insert(entry, record);
    });
    this.records.set(key, record);
    this.bytes += size;
    return record;
  }

  /** Gives a record another document with the same `_id`; throws 11000 DuplicateKey and then has changed nothing. */
  replace(record: StoredRecord, doc: Doc, size: number): void {
    const changes: { index: Index; before: readonly string[]; after: readonly string[] }[] = [];
    for (const index of this.indexes) {
      if (index === this.idIndex) continue;
      const before = index.keysOf(record.doc);
      const after = index.keysOf(doc);
      if (before.length === after.length && before.every((key, at) => key === after[at])) continue;
      index.checkUnique(after, doc, record, this.ns);
      changes.push({ index, before, after });
    }
    for (const { index, before, after } of changes) {
      for (const key of before) index.entries.delete(key, record);
      for (const key of after) index.entries.insert(key, record);
    }
    this.bytes += size - record.size;
    record.doc = doc;
    record.size = size;
  }

  /** Takes a record out. */
  remove(record: StoredRecord): void {
    for (const index of this.indexes) {
      const keys = index === this.idIndex ? [record.key] : index.keysOf(record.doc);
      for (const key of keys) index.entries.delete(key, record);
    }
    this.records.delete(record.key);
    this.bytes -= record.size;
  }

  /** Puts a removed record back where it was in the indexes (its place in the natural order is lost). */
  restore(record: StoredRecord): void {
    for (const index of this.indexes) {
      const keys = index === this.idIndex ? [record.key] : index.keysOf(record.doc);
      for (const key of keys) index.entries.insert(key, record);
    }
    this.records.set(record.key, record);
    this.bytes += record.size;
  }

  /** Builds an index over the records; throws 11000 DuplicateKey when they contradict it. */
  buildIndex(spec: IndexSpec): Index {
    const index = new Index(spec);
    for (const record of this.records.values()) {
      const keys = index.keysOf(record.doc);
      index.checkUnique(keys, record.doc, record, this.ns);
      for (const key of keys) index.entries.insert(key, record);
    }
    return index;
  }
}

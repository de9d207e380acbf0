import { identical } from '../bson/compare.ts';
import { Doc, docOf } from '../bson/doc.ts';
import { KeyWriter } from '../bson/key.ts';
import { MongoFault } from '../errors.ts';
import { indexedValues, plainValue } from '../query/paths.ts';
import type { StoredRecord } from '../storage/stored-record.ts';
import type { IndexSpec } from './index-spec.ts';
import { OrderedEntries } from './ordered-entries.ts';

/** One index of a collection: its specification and its entries. */
export class Index {
  readonly spec: IndexSpec;
  readonly entries = new OrderedEntries();
  /** For each field whether a document ever had an array on its path (then bounds and sorts must be careful). */
  readonly multikey: boolean[];
  readonly #writer = new KeyWriter();

  constructor(spec: IndexSpec) {
    this.spec = spec;
    this.multikey = spec.fields.map(() => false);
  }

  /** The keys a document has in this index: none outside of a partial index, many where it has an array. */
  keysOf(doc: Doc): readonly string[] {
    const { fields, partial, sparse } = this.spec;
    if (partial !== undefined && !partial.matches(doc)) return [];
    if (sparse && fields.every((field) => plainValue(doc, field.parts) === undefined && !isMany(doc, field.parts))) {
      return [];
    }
    let many = -1;
    const columns: (readonly unknown[])[] = [];
    for (let at = 0; at < fields.length; at++) {
      const field = fields[at];
      if (field === undefined) continue;
      const { values, multikey } = indexedValues(doc, field.parts);
      columns.push(values);
      if (!multikey) continue;
      this.multikey[at] = true;
      if (many >= 0) this.#checkParallel(many, at);
      else many = at;
    }
    if (many < 0) return [this.#key(columns, 0)];
    const rows = Math.max(...columns.map((column) => column.length));
    const keys = new Set<string>();
    for (let row = 0; row < rows; row++) keys.add(this.#key(columns, row));
    return [...keys];
  }

  /** Two array fields are possible only when it is the same array: `topics.id` with `topics.polarity`. */
  #checkParallel(first: number, second: number): void {
    const a = this.spec.fields[first];
    const b = this.spec.fields[second];
    if (a?.parts.length === 2 && b?.parts.length === 2 && a.parts[0] === b.parts[0]) return;
    throw new MongoFault(171, `cannot index parallel arrays [${b?.path}] [${a?.path}]`);
  }

  #key(columns: readonly (readonly unknown[])[], row: number): string {
    const { fields } = this.spec;
    for (let at = 0; at < columns.length; at++) {
      const column = columns[at] ?? [];
      this.#writer.value(column.length === 1 ? column[0] : column[row], fields[at]?.descending);
    }
    return this.#writer.take();
  }

  /** Throws 11000 DuplicateKey when another record has one of these keys. */
  checkUnique(keys: readonly string[], doc: Doc, except: StoredRecord | undefined, ns: string): void {
    if (!this.spec.unique) return;
    for (const key of keys) {
      if (this.entries.holder(key, except) !== undefined) throw this.duplicate(doc, ns);
    }
  }

  /** The error of a second document with the key of this one. */
  duplicate(doc: Doc, ns: string): MongoFault {
    const keyValue = new Doc();
    for (const field of this.spec.fields) keyValue[field.path] = indexedValues(doc, field.parts).values[0] ?? null;
    const shown = Object.entries(keyValue).map(([path, value]) => `${path}: ${show(value)}`);
    return new MongoFault(
      11000,
      `E11000 duplicate key error collection: ${ns} index: ${this.spec.name} dup key: { ${shown.join(', ')} }`,
      docOf({ keyPattern: this.spec.pattern, keyValue }),
    );
  }

  /** The specification as `listIndexes` shows it. */
  describe(): Doc {
    const { name, pattern, unique, sparse, expireAfterSeconds, partial } = this.spec;
    return docOf({
      v: 2,
      key: pattern,
      name,
      unique: unique && name !== '_id_' ? true : undefined,
      sparse: sparse ? true : undefined,
      expireAfterSeconds,
      partialFilterExpression: partial?.filter,
    });
  }

  /** True when `createIndexes` with the other specification has nothing to do. */
  sameAs(other: IndexSpec): boolean {
    return identical(this.describe(), new Index(other).describe());
  }
}

function isMany(doc: Doc, parts: readonly string[]): boolean {
  const { values, multikey } = indexedValues(doc, parts);
  return multikey && values.some((value) => value !== null);
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Doc)
    return `{ ${Object.entries(value)
      .map(([k, v]) => `${k}: ${show(v)}`)
      .join(', ')} }`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (typeof value === 'object' && value !== null && '_bsontype' in value && value._bsontype === 'ObjectId') {
    return `ObjectId('${String(value)}')`;
  }
  return String(value);
}

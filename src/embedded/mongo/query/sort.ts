import { compareValues } from '../bson/compare.ts';
import { Doc, isNumeric } from '../bson/doc.ts';
import { KeyWriter } from '../bson/key.ts';
import { toNumber } from '../bson/numbers.ts';
import { MongoFault, unsupported } from '../errors.ts';
import { indexedValues, splitPath } from './paths.ts';

/** One field of a sort. */
export interface SortField {
  readonly path: string;
  readonly parts: readonly string[];
  readonly descending: boolean;
}

/** Reads a sort document (`{a: 1, 'b.c': -1}`); undefined when there is none or it is empty. */
export function parseSort(spec: unknown): readonly SortField[] | undefined {
  if (spec === undefined || spec === null) return undefined;
  if (!(spec instanceof Doc)) throw new MongoFault(14, "Expected field 'sort' to be of type object");
  const fields = Object.keys(spec).map((path): SortField => {
    const direction = spec[path];
    if (path === '$natural') throw unsupported('$natural in a sort');
    if (direction instanceof Doc) throw unsupported(`sorting by ${Object.keys(direction)[0] ?? 'an expression'}`);
    const sign = isNumeric(direction) ? toNumber(direction) : 0;
    if (sign !== 1 && sign !== -1) {
      throw new MongoFault(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    }
    if (path === '' || splitPath(path).some((part) => part === '' || part.startsWith('$'))) {
      throw new MongoFault(15998, `invalid sort path '${path}'`);
    }
    return { path, parts: splitPath(path), descending: sign < 0 };
  });
  if (fields.length > 32) throw new MongoFault(16410, 'a sort has at most 32 keys');
  return fields.length === 0 ? undefined : fields;
}

/** A function that gives documents keys which sort like the documents under plain comparison of strings. */
export function sortKeys(fields: readonly SortField[]): (doc: Doc) => string {
  const writer = new KeyWriter();
  return (doc) => {
    for (const { parts, descending } of fields) writer.value(sortValue(doc, parts, descending), descending);
    return writer.take();
  };
}

/** An array sorts by its least element, or by its greatest when descending. */
function sortValue(doc: Doc, parts: readonly string[], descending: boolean): unknown {
  const { values } = indexedValues(doc, parts);
  let best = values[0];
  for (let at = 1; at < values.length; at++) {
    const order = compareValues(values[at], best);
    if (descending ? order > 0 : order < 0) best = values[at];
  }
  return best;
}

interface Keyed<T> {
  readonly key: string;
  readonly order: number;
  readonly item: T;
}

/** Collects items and gives the first `limit` of them in the order of their keys; equal keys stay in order of arrival. */
export class Sorter<T> {
  readonly #limit: number;
  #items: Keyed<T>[] = [];
  #count = 0;
  #threshold: string | undefined;

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  /** Adds an item. */
  add(key: string, item: T): void {
    if (this.#threshold !== undefined && key >= this.#threshold) return;
    this.#items.push({ key, order: this.#count++, item });
    if (this.#items.length >= 2 * this.#limit + 512) this.#cut();
  }

  #cut(): void {
    this.#items.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.order - b.order));
    this.#items.length = Math.min(this.#items.length, this.#limit);
    if (this.#items.length === this.#limit) this.#threshold = this.#items.at(-1)?.key;
  }

  /** The sorted items. */
  take(): T[] {
    this.#cut();
    return this.#items.map(({ item }) => item);
  }
}

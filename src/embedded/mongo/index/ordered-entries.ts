import type { StoredRecord } from '../storage/stored-record.ts';

interface Leaf {
  readonly keys: string[];
  readonly records: StoredRecord[];
}

const leafSize = 256;

/** Half-open range of keys: `low` is in, `high` is out. */
export interface KeyRange {
  readonly low: string;
  readonly high: string;
}

/** The range of every key. */
export const wholeRange: KeyRange = { low: '', high: '\xff' };

/**
 * Index entries in the order of (key, record): a B-tree of two levels, whose leaves hold up to 256 entries. Inserting
 * and finding cost two binary searches and one splice of a short array.
 */
export class OrderedEntries {
  #leaves: Leaf[] = [{ keys: [], records: [] }];

  /** Adds an entry. */
  insert(key: string, record: StoredRecord): void {
    const at = this.#leafOf(key, record.order);
    const leaf = this.#leaf(at);
    const slot = slotOf(leaf, key, record.order);
    if (slot === leaf.keys.length) {
      leaf.keys.push(key);
      leaf.records.push(record);
    } else {
      leaf.keys.splice(slot, 0, key);
      leaf.records.splice(slot, 0, record);
    }
    if (leaf.keys.length > leafSize) this.#split(at, slot);
  }

  /** Removes an entry, if it is there. */
  delete(key: string, record: StoredRecord): void {
    const at = this.#leafOf(key, record.order);
    const leaf = this.#leaf(at);
    const slot = slotOf(leaf, key, record.order);
    if (leaf.records[slot] !== record || leaf.keys[slot] !== key) return;
    leaf.keys.splice(slot, 1);
    leaf.records.splice(slot, 1);
    if (leaf.keys.length === 0 && this.#leaves.length > 1) this.#leaves.splice(at, 1);
  }

  /** Some record other than `except` that has exactly this key. */
  holder(key: string, except?: StoredRecord): StoredRecord | undefined {
    let found: StoredRecord | undefined;
    this.scan({ low: key, high: `${key}\x00` }, false, (record) => {
      if (record === except) return true;
      found = record;
      return false;
    });
    return found;
  }

  /** Visits the entries of a range in order (or backwards) until the visitor returns false; false if it did. */
  scan(range: KeyRange, backwards: boolean, visit: (record: StoredRecord, key: string) => boolean): boolean {
    return backwards ? this.#scanDown(range, visit) : this.#scanUp(range, visit);
  }

  #scanUp(range: KeyRange, visit: (record: StoredRecord, key: string) => boolean): boolean {
    let at = this.#leafOf(range.low, -1);
    let slot = slotOf(this.#leaf(at), range.low, -1);
    for (; at < this.#leaves.length; at++) {
      const { keys, records } = this.#leaf(at);
      for (; slot < keys.length; slot++) {
        const key = keys[slot];
        const record = records[slot];
        if (key === undefined || record === undefined || key >= range.high) return true;
        if (!visit(record, key)) return false;
      }
      slot = 0;
    }
    return true;
  }

  #scanDown(range: KeyRange, visit: (record: StoredRecord, key: string) => boolean): boolean {
    let at = this.#leafOf(range.high, -1);
    let slot = slotOf(this.#leaf(at), range.high, -1) - 1;
    for (;;) {
      const { keys, records } = this.#leaf(at);
      for (; slot >= 0; slot--) {
        const key = keys[slot];
        const record = records[slot];
        if (key === undefined || record === undefined || key < range.low) return true;
        if (!visit(record, key)) return false;
      }
      if (--at < 0) return true;
      slot = this.#leaf(at).keys.length - 1;
    }
  }

  #leaf(at: number): Leaf {
    const leaf = this.#leaves[at];
    if (leaf === undefined) throw new RangeError(`no index leaf ${at}`);
    return leaf;
  }

  /** Splits a full leaf; after an append at its end only a little moves, so that ascending inserts fill the leaves. */
  #split(at: number, slot: number): void {
    const leaf = this.#leaf(at);
    const middle = slot >= leafSize ? leafSize - 16 : leafSize >> 1;
    const upper: Leaf = { keys: leaf.keys.splice(middle), records: leaf.records.splice(middle) };
    this.#leaves.splice(at + 1, 0, upper);
  }

  /** The last leaf that begins at or before (key, order). */
  #leafOf(key: string, order: number): number {
    let low = 0;
    let high = this.#leaves.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const leaf = this.#leaf(middle);
      const first = leaf.keys[0] ?? '';
      const before = first < key || (first === key && (leaf.records[0]?.order ?? 0) <= order);
      if (before) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** The first slot of a leaf at or behind (key, order). */
function slotOf(leaf: Leaf, key: string, order: number): number {
  let low = 0;
  let high = leaf.keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const here = leaf.keys[middle] ?? '';
    if (here < key || (here === key && (leaf.records[middle]?.order ?? 0) < order)) low = middle + 1;
    else high = middle;
  }
  return low;
}

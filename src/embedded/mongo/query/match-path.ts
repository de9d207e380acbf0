import { Doc } from '../bson/doc.ts';
import { arrayIndex, splitPath } from './paths.ts';

/** A test of a whole document. */
export type Predicate = (doc: Doc) => boolean;

/** A test of one value; undefined stands for a missing field. */
export type ValueTest = (value: unknown) => boolean;

/**
 * Applies a test to the values at a dotted path as MongoDB's queries do: an array on the way stands for each of its
 * documents and for its element of that number; at the end `each` also tries the elements of an array.
 */
export function matchPath(path: string, end: 'each' | 'whole', test: ValueTest): Predicate {
  const parts = splitPath(path);
  const last = parts.length - 1;
  const atEnd: ValueTest =
    end === 'whole' ? test : (value) => (Array.isArray(value) ? anyOf(value, test) : test(value));
  const first = parts[0] ?? '';
  if (last === 0) return (doc) => atEnd(doc[first]);

  function inDoc(doc: Doc, at: number): boolean {
    const value = doc[parts[at] ?? ''];
    if (at === last) return atEnd(value);
    return below(value, at + 1, true);
  }

  function below(value: unknown, at: number, orMissing: boolean): boolean {
    if (value instanceof Doc) return inDoc(value, at);
    if (Array.isArray(value)) return inArray(value, at);
    return orMissing && test(undefined);
  }

  function inArray(items: readonly unknown[], at: number): boolean {
    const index = arrayIndex(parts[at] ?? '');
    if (index >= 0 && index < items.length) {
      const item = items[index];
      if (at === last ? atEnd(item) : below(item, at + 1, false)) return true;
    }
    for (const item of items) if (item instanceof Doc && inDoc(item, at)) return true;
    return false;
  }

  return (doc) => inDoc(doc, 0);
}

function anyOf(items: readonly unknown[], test: ValueTest): boolean {
  for (const item of items) if (test(item)) return true;
  return test(items);
}

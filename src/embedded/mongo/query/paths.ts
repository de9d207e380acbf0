import { Doc } from '../bson/doc.ts';

/** Splits a dotted path. */
export function splitPath(path: string): readonly string[] {
  return path.split('.');
}

/** The number a path component is as an index of an array, or -1. */
export function arrayIndex(part: string): number {
  return /^(0|[1-9][0-9]{0,6})$/.test(part) ? Number(part) : -1;
}

/** The value at a path that crosses no array, else undefined. */
export function plainValue(doc: unknown, parts: readonly string[]): unknown {
  let value: unknown = doc;
  for (const part of parts) {
    if (!(value instanceof Doc)) return undefined;
    value = value[part];
  }
  return value;
}

/**
 * The values by which an index or a sort sees a path: elements of arrays one by one, null for a missing field,
 * undefined (which sorts before null) for an empty array.
 */
export function indexedValues(doc: Doc, parts: readonly string[]): { values: readonly unknown[]; multikey: boolean } {
  const values: unknown[] = [];
  const multikey = collect(doc, parts, 0, values);
  if (values.length === 0) values.push(null);
  return { values, multikey };
}

function collect(holder: unknown, parts: readonly string[], at: number, into: unknown[]): boolean {
  if (!(holder instanceof Doc)) {
    into.push(null);
    return false;
  }
  const value = holder[parts[at] ?? ''];
  if (at === parts.length - 1) return leaf(value, into);
  if (!Array.isArray(value)) return collect(value, parts, at + 1, into);
  const index = arrayIndex(parts[at + 1] ?? '');
  if (index >= 0 && index < value.length) {
    if (at + 1 === parts.length - 1) leaf(value[index], into);
    else collect(value[index], parts, at + 2, into);
    return true;
  }
  for (const item of value) collect(item, parts, at + 1, into);
  return true;
}

function leaf(value: unknown, into: unknown[]): boolean {
  if (!Array.isArray(value)) {
    into.push(value === undefined ? null : value);
    return false;
  }
  if (value.length === 0) into.push(undefined);
  for (const item of value) into.push(item);
  return true;
}

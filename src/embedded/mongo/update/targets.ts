import { Doc, typeName } from '../bson/doc.ts';
import { MongoFault } from '../errors.ts';
import { arrayIndex } from '../query/paths.ts';

/** The place a path leads to: a field of a document or an element of an array, both free to be changed. */
export interface Target {
  readonly value: unknown;
  set(value: unknown): void;
  /** Takes the field away; an element of an array becomes null. */
  unset(): void;
}

/** Finds the place of a path, making the documents on the way; throws 28 PathNotViable when a scalar is in the way. */
export function targetOf(doc: Doc, parts: readonly string[]): Target {
  let holder: unknown = doc;
  for (let at = 0; at < parts.length - 1; at++) {
    const here = placeIn(holder, parts, at);
    if (here.value === undefined || (here.value === null && Array.isArray(holder) && !hasElement(holder, parts[at]))) {
      here.set(new Doc());
    }
    holder = placeIn(holder, parts, at).value;
  }
  return placeIn(holder, parts, parts.length - 1);
}

function hasElement(list: readonly unknown[], part: string | undefined): boolean {
  return arrayIndex(part ?? '') < list.length;
}

/** Finds the place of a path if there is one, and makes nothing. */
export function existingTarget(doc: Doc, parts: readonly string[]): Target | undefined {
  let holder: unknown = doc;
  for (let at = 0; ; at++) {
    const part = parts[at] ?? '';
    if (Array.isArray(holder) ? arrayIndex(part) < 0 : !(holder instanceof Doc)) return undefined;
    const place = placeIn(holder, parts, at);
    if (place.value === undefined) return undefined;
    if (at === parts.length - 1) return place;
    holder = place.value;
  }
}

function placeIn(holder: unknown, parts: readonly string[], at: number): Target {
  const part = parts[at] ?? '';
  if (holder instanceof Doc) return placeInDoc(holder, part);
  if (Array.isArray(holder)) return placeInArray(holder, part, parts.slice(0, at).join('.'));
  throw new MongoFault(28, `Cannot create field '${part}' in element {${parts[at - 1]}: ${typeName(holder)}}`);
}

function placeInDoc(holder: Doc, part: string): Target {
  return {
    value: holder[part],
    set: (value) => {
      holder[part] = value;
    },
    unset: () => {
      delete holder[part];
    },
  };
}

function placeInArray(holder: unknown[], part: string, path: string): Target {
  const index = arrayIndex(part);
  if (index < 0) throw new MongoFault(28, `Cannot create field '${part}' in element {${path}: array}`);
  if (index > holder.length + 1_500_000)
    throw new MongoFault(2, `can't backfill array to larger than 1500000 elements`);
  return {
    value: holder[index],
    set: (value) => {
      while (holder.length < index) holder.push(null);
      holder[index] = value;
    },
    unset: () => {
      if (index < holder.length) holder[index] = null;
    },
  };
}

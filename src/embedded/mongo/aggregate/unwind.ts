import { Long } from 'bson';
import { Doc, shallowCopy } from '../bson/doc.ts';
import { MongoFault } from '../errors.ts';
import { plainValue, splitPath } from '../query/paths.ts';
import type { BuildStage } from './stage.ts';

/**
 * `$unwind` (https://www.mongodb.com/docs/manual/reference/operator/aggregation/unwind/). When only some fields matter
 * to a `$group` behind it, the documents it makes hold only these.
 */
export const unwind: BuildStage = (operand, _, rest) => {
  const options = operand instanceof Doc ? operand : new Doc();
  for (const key in options) {
    if (!['path', 'preserveNullAndEmptyArrays', 'includeArrayIndex'].includes(key)) {
      throw new MongoFault(28811, `unrecognized option to $unwind stage: ${key}`);
    }
  }
  const path = operand instanceof Doc ? operand.path : operand;
  if (typeof path !== 'string') throw new MongoFault(28808, `expected a string as the path for $unwind stage`);
  if (!path.startsWith('$'))
    throw new MongoFault(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  const parts = splitPath(path.slice(1));
  const keepEmpty = options.preserveNullAndEmptyArrays === true;
  const indexField = options.includeArrayIndex;
  if (indexField !== undefined && (typeof indexField !== 'string' || indexField === '' || indexField.startsWith('$'))) {
    throw new MongoFault(28810, 'includeArrayIndex option to $unwind stage should be a non-empty string without $');
  }
  const needed = neededFields(rest);
  const index = typeof indexField === 'string' ? splitPath(indexField) : undefined;
  needed?.add(parts[0] ?? '');
  const fields = needed === undefined || index !== undefined ? undefined : [...needed];
  const withValue = (doc: Doc, value: unknown, position: number | null): Doc => {
    const copy = setCopy(doc, parts, 0, value, fields);
    return index === undefined
      ? copy
      : setCopy(copy, index, 0, position === null ? null : Long.fromNumber(position), undefined);
  };
  return (next) => ({
    push(doc) {
      const value = plainValue(doc, parts);
      if (Array.isArray(value) && value.length > 0) {
        for (let at = 0; at < value.length; at++) if (!next.push(withValue(doc, value[at], at))) return false;
        return true;
      }
      const isEmpty = value === null || value === undefined || Array.isArray(value);
      if (!isEmpty) return next.push(withValue(doc, value, null));
      if (!keepEmpty) return true;
      return next.push(withValue(doc, Array.isArray(value) ? undefined : value, null));
    },
    end: () => next.end(),
  });
};

/** A copy with another value at a path; undefined takes the field away. With `fields`, only these are copied. */
function setCopy(
  doc: Doc,
  parts: readonly string[],
  at: number,
  value: unknown,
  fields: readonly string[] | undefined,
): Doc {
  const part = parts[at] ?? '';
  const copy = fields === undefined ? shallowCopy(doc) : only(doc, fields);
  if (at < parts.length - 1) {
    const inner = doc[part];
    if (inner instanceof Doc || value !== undefined) {
      copy[part] = setCopy(inner instanceof Doc ? inner : new Doc(), parts, at + 1, value, undefined);
    }
  } else if (value === undefined) delete copy[part];
  else copy[part] = value;
  return copy;
}

function only(doc: Doc, fields: readonly string[]): Doc {
  const copy = new Doc();
  for (const field of fields) {
    const value = doc[field];
    if (value !== undefined) copy[field] = value;
  }
  return copy;
}

/** The top-level fields that matter up to the next `$group`; undefined when that cannot be said. */
function neededFields(rest: readonly Doc[]): Set<string> | undefined {
  const needed = new Set<string>();
  for (const stage of rest) {
    const [name = ''] = Object.keys(stage);
    const known =
      name === '$group' || name === '$unwind'
        ? readsOf(stage[name], needed)
        : name === '$match' && keysOf(stage[name], needed);
    if (!known) return undefined;
    if (name === '$group') return needed;
  }
  return undefined;
}

/** Adds the fields an expression reads; false when it may read the whole document. */
function readsOf(node: unknown, into: Set<string>): boolean {
  if (typeof node === 'string') {
    if (/^\$\$(ROOT|CURRENT)/.test(node)) return false;
    if (/^\$[^$]/.test(node)) into.add(splitPath(node.slice(1))[0] ?? '');
    return true;
  }
  if (Array.isArray(node)) return node.every((item) => readsOf(item, into));
  if (!(node instanceof Doc)) return true;
  return !('$getField' in node) && Object.values(node).every((item) => readsOf(item, into));
}

/** Adds the fields a filter names; false when it holds an expression or a schema. */
function keysOf(node: unknown, into: Set<string>): boolean {
  if (Array.isArray(node)) return node.every((item) => keysOf(item, into));
  if (!(node instanceof Doc)) return true;
  return Object.entries(node).every(([key, value]) => {
    if (key === '$expr' || key === '$jsonSchema') return false;
    if (!key.startsWith('$')) into.add(splitPath(key)[0] ?? '');
    return keysOf(value, into);
  });
}

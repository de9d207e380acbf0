import type { Scope } from '../aggregate/expressions/scope.ts';
import { rootScope } from '../aggregate/expressions/scope.ts';
import { compilePipeline } from '../aggregate/update-pipeline.ts';
import { Doc, deepCopy } from '../bson/doc.ts';
import { MongoFault } from '../errors.ts';
import { splitPath } from '../query/paths.ts';
import { type Modifier, modifiers } from './modifiers.ts';

/** A compiled update; `apply` makes the new document and leaves the old one as it is. */
export interface Update {
  readonly kind: 'operators' | 'replace' | 'pipeline';
  apply(doc: Doc, isInsert: boolean): Doc;
}

/**
 * Compiles the `u` of an update: a replacement, a document of update operators
 * (https://www.mongodb.com/docs/manual/reference/operator/update/), or a pipeline. Operators beyond those of
 * modifiers.ts are refused with 9 FailedToParse and their name.
 */
export function compileUpdate(spec: unknown, constants: Readonly<Record<string, unknown>>, scope: Scope): Update {
  if (Array.isArray(spec)) {
    const variables = new Map([...scope, ...rootScope(constants)]);
    return { kind: 'pipeline', apply: compilePipeline(spec, variables) };
  }
  if (!(spec instanceof Doc)) throw new MongoFault(9, 'Update argument must be either an object or an array');
  const keys = Object.keys(spec);
  if (keys[0]?.startsWith('$') !== true) {
    const dollar = keys.find((key) => key.startsWith('$'));
    if (dollar !== undefined) {
      throw new MongoFault(
        52,
        `The dollar ($) prefixed field '${dollar}' is not allowed in the context of an update's replacement document.`,
      );
    }
    return { kind: 'replace', apply: (doc) => replacement(doc, spec) };
  }
  return { kind: 'operators', apply: compileOperators(spec) };
}

/** The replacement with the `_id` of the document it replaces, unless it brings its own. */
function replacement(doc: Doc, spec: Doc): Doc {
  const result = new Doc();
  const id = spec._id === undefined ? doc._id : spec._id;
  if (id !== undefined) result._id = id;
  for (const key in spec) if (key !== '_id') result[key] = spec[key];
  return result;
}

function compileOperators(spec: Doc): (doc: Doc, isInsert: boolean) => Doc {
  const steps: { path: string; parts: readonly string[]; modify: Modifier; onlyInsert: boolean }[] = [];
  const paths: string[] = [];
  for (const operator in spec) {
    const build = Object.hasOwn(modifiers, operator) ? modifiers[operator] : undefined;
    if (build === undefined) {
      const known = operator.startsWith('$') ? 'Unknown modifier' : 'Modifiers operate on fields but we found';
      throw new MongoFault(
        9,
        `${known}: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    const fields = spec[operator];
    if (!(fields instanceof Doc))
      throw new MongoFault(9, `Modifiers operate on fields but we found another type for ${operator}`);
    for (const path in fields) {
      checkPath(path);
      addPath(paths, path);
      const operand = fields[path];
      if (operator === '$rename') {
        if (typeof operand !== 'string')
          throw new MongoFault(2, `The 'to' field for $rename must be a string: ${path}`);
        checkPath(operand);
        addPath(paths, operand);
      }
      const onlyInsert = operator === '$setOnInsert';
      steps.push({ path, parts: splitPath(path), modify: build(operand, path), onlyInsert });
    }
  }
  // MongoDB applies modifiers in the order of their paths, which decides the order of new fields.
  steps.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return (doc, isInsert) => {
    const copy = deepCopy(doc) as Doc;
    const now = new Date();
    for (const { parts, modify, onlyInsert } of steps) if (!onlyInsert || isInsert) modify(copy, parts, now);
    return copy;
  };
}

function checkPath(path: string): void {
  for (const part of splitPath(path)) {
    if (part === '')
      throw new MongoFault(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
    if (part.startsWith('$')) {
      throw /^\$(\[.*\])?$/.test(part)
        ? new MongoFault(
            115,
            `koe's embedded server does not support the positional operator ${part} in an update path`,
          )
        : new MongoFault(52, `The dollar ($) prefixed field '${part}' in '${path}' is not valid for storage.`);
    }
  }
}

function addPath(paths: string[], path: string): void {
  for (const other of paths) {
    if (path === other || path.startsWith(`${other}.`) || other.startsWith(`${path}.`)) {
      throw new MongoFault(
        40,
        `Updating the path '${path}' would create a conflict at '${other.length < path.length ? other : path}'`,
      );
    }
  }
  paths.push(path);
}

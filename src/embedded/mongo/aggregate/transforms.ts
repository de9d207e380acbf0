import { Doc, shallowCopy, typeName } from '../bson/doc.ts';
import { MongoFault } from '../errors.ts';
import { splitPath } from '../query/paths.ts';
import { compileProjection, type Transform } from '../query/projection.ts';
import { compileExpression } from './expressions/compile.ts';
import type { Expression, Scope } from './expressions/scope.ts';

/** A field to be computed, or the fields below one. */
type Fields = Map<string, Expression | Fields>;

/** Stages that make one document of one document, by name; updates with a pipeline allow these and no others. */
export const transforms: Readonly<Record<string, (operand: unknown, scope: Scope) => Transform>> = {
  $addFields: addFields,
  $set: addFields,
  $project: project,
  $unset: unset,
  $replaceRoot: (operand, scope) => {
    if (!(operand instanceof Doc) || operand.newRoot === undefined || Object.keys(operand).length !== 1) {
      throw new MongoFault(40231, 'no newRoot specified for the $replaceRoot stage, or another option beside it');
    }
    return replaceRoot(operand.newRoot, scope);
  },
  $replaceWith: replaceRoot,
};

function addFields(operand: unknown, scope: Scope): Transform {
  if (!(operand instanceof Doc))
    throw new MongoFault(40272, `$addFields specification stage must be an object, got ${typeName(operand)}`);
  const fields: Fields = new Map();
  gather(operand, scope, fields);
  return (doc) => withFields(doc, fields, doc);
}

function gather(spec: Doc, scope: Scope, into: Fields): void {
  for (const path in spec) {
    const value = spec[path];
    let holder = into;
    const parts = splitPath(path);
    for (const part of parts) {
      if (part === '') throw new MongoFault(15998, 'FieldPath field names may not be empty strings.');
      if (part.startsWith('$'))
        throw new MongoFault(16410, `FieldPath field names may not start with '$'. Got '${part}'.`);
    }
    for (const part of parts.slice(0, -1)) holder = below(holder, part, path);
    const last = parts.at(-1) ?? '';
    if (value instanceof Doc && Object.keys(value).length > 0 && !Object.keys(value)[0]?.startsWith('$')) {
      gather(value, scope, below(holder, last, path));
    } else {
      if (holder.has(last))
        throw new MongoFault(40176, `specification contains two conflicting paths. Cannot specify '${path}' twice`);
      holder.set(last, compileExpression(value, scope));
    }
  }
}

function below(fields: Fields, part: string, path: string): Fields {
  const known = fields.get(part);
  if (known instanceof Map) return known;
  if (known !== undefined) throw new MongoFault(40176, `specification contains two conflicting paths at '${path}'`);
  const made: Fields = new Map();
  fields.set(part, made);
  return made;
}

function withFields(doc: Doc, fields: Fields, root: Doc): Doc {
  const copy = shallowCopy(doc);
  for (const [key, field] of fields) {
    const value = field instanceof Map ? into(copy[key], field, root) : field(root);
    if (value === undefined) delete copy[key];
    else copy[key] = value;
  }
  return copy;
}

/** Sets fields below a path: in each element of an array, and in a new document in place of a scalar. */
function into(value: unknown, fields: Fields, root: Doc): unknown {
  if (Array.isArray(value)) return value.map((item) => into(item, fields, root));
  return withFields(value instanceof Doc ? value : new Doc(), fields, root);
}

function project(operand: unknown, scope: Scope): Transform {
  if (!(operand instanceof Doc)) throw new MongoFault(15969, '$project specification must be an object');
  if (Object.keys(operand).length === 0)
    throw new MongoFault(51272, 'projection specification must have at least one field');
  return compileProjection(operand, scope, false);
}

function unset(operand: unknown, scope: Scope): Transform {
  const paths = Array.isArray(operand) ? operand : [operand];
  const spec = new Doc();
  for (const path of paths) {
    if (typeof path !== 'string' || path === '')
      throw new MongoFault(31002, '$unset specification must be a string or an array of strings');
    if (path.startsWith('$'))
      throw new MongoFault(16410, `FieldPath field names may not start with '$'. Got '${path}'.`);
    spec[path] = false;
  }
  if (paths.length === 0)
    throw new MongoFault(31119, '$unset specification must be a string or an array with at least one field');
  return compileProjection(spec, scope, false);
}

function replaceRoot(operand: unknown, scope: Scope): Transform {
  const expression = compileExpression(operand, scope);
  return (doc) => {
    const root = expression(doc);
    if (root instanceof Doc) return root;
    throw new MongoFault(
      40228,
      `'newRoot' expression must evaluate to an object, but resulting value was of type: ${typeName(root)}`,
    );
  };
}

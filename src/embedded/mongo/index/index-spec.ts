import { Doc, isNumeric, typeName } from '../bson/doc.ts';
import { toNumber } from '../bson/numbers.ts';
import { MongoFault, unsupported } from '../errors.ts';
import { compileFilter, type Predicate } from '../query/compile-filter.ts';
import { splitPath } from '../query/paths.ts';

/** One field of a compound index. */
export interface IndexField {
  readonly path: string;
  readonly parts: readonly string[];
  readonly descending: boolean;
}

/** A checked index specification, as `createIndexes` takes it. */
export interface IndexSpec {
  readonly name: string;
  readonly pattern: Doc;
  readonly fields: readonly IndexField[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly expireAfterSeconds: number | undefined;
  readonly partial: { readonly filter: Doc; readonly matches: Predicate } | undefined;
}

const options = new Set([
  'key',
  'name',
  'unique',
  'sparse',
  'expireAfterSeconds',
  'partialFilterExpression',
  'background',
  'v',
  'ns',
  'hidden',
  'collation',
]);
const partialOperators = new Set(['$eq', '$exists', '$gt', '$gte', '$lt', '$lte', '$type', '$in', '$and', '$or']);

/**
 * Checks an index specification (https://www.mongodb.com/docs/manual/reference/command/createIndexes/); whatever this
 * server does not have (text, geo, hashed, wildcard and hidden indexes, collations) is refused by name.
 */
export function parseIndexSpec(spec: Doc): IndexSpec {
  for (const option in spec) {
    if (!options.has(option)) {
      throw new MongoFault(197, `The field '${option}' is not valid for an index specification`);
    }
  }
  const pattern = spec.key;
  if (!(pattern instanceof Doc)) throw new MongoFault(14, "The field 'key' must be an object");
  const fields = Object.keys(pattern).map((path) => parseField(path, pattern[path]));
  if (fields.length === 0) throw new MongoFault(67, 'Index keys cannot be empty.');
  if (spec.hidden === true) throw unsupported('hidden indexes');
  if (spec.collation instanceof Doc && spec.collation.locale !== 'simple') throw unsupported('collations');
  if (spec.partialFilterExpression !== undefined && spec.sparse === true) {
    throw new MongoFault(67, "cannot mix 'partialFilterExpression' and 'sparse' options");
  }
  return {
    name: typeof spec.name === 'string' ? spec.name : fields.map((f) => `${f.path}_${f.descending ? -1 : 1}`).join('_'),
    pattern,
    fields,
    unique: spec.unique === true,
    sparse: spec.sparse === true,
    expireAfterSeconds: parseExpiry(spec.expireAfterSeconds, fields),
    partial: parsePartial(spec.partialFilterExpression),
  };
}

function parseField(path: string, direction: unknown): IndexField {
  if (typeof direction === 'string') throw unsupported(`${direction} indexes`);
  if (!isNumeric(direction) || toNumber(direction) === 0 || Number.isNaN(toNumber(direction))) {
    throw new MongoFault(
      67,
      'Values in v:2 index key pattern cannot be of type other than a non-zero number or a string',
    );
  }
  if (path === '' || splitPath(path).includes('')) throw new MongoFault(67, 'Index keys cannot be an empty field.');
  if (path.includes('$')) throw unsupported(`the index path ${path}`);
  return { path, parts: splitPath(path), descending: toNumber(direction) < 0 };
}

function parseExpiry(value: unknown, fields: readonly IndexField[]): number | undefined {
  if (value === undefined) return undefined;
  if (!isNumeric(value) || toNumber(value) < 0 || toNumber(value) > 2 ** 31 - 1) {
    throw new MongoFault(
      67,
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, found ${value}`,
    );
  }
  if (fields.length > 1)
    throw new MongoFault(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
  if (fields[0]?.path === '_id')
    throw new MongoFault(67, "The field 'expireAfterSeconds' is not valid for an _id index");
  return toNumber(value);
}

function parsePartial(filter: unknown): IndexSpec['partial'] {
  if (filter === undefined) return undefined;
  if (!(filter instanceof Doc)) {
    throw new MongoFault(14, `The field 'partialFilterExpression' must be an object, found ${typeName(filter)}`);
  }
  checkPartial(filter);
  return { filter, matches: compileFilter(filter) };
}

function checkPartial(node: unknown): void {
  if (Array.isArray(node)) for (const item of node) checkPartial(item);
  if (!(node instanceof Doc)) return;
  for (const key in node) {
    if (key.startsWith('$') && !partialOperators.has(key)) {
      throw new MongoFault(67, `Expression not supported in partial index: ${key}`);
    }
    checkPartial(node[key]);
  }
}

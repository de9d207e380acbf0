import { Doc, docOf, shallowCopy, typeName } from '../../bson/doc.ts';
import { MongoFault } from '../../errors.ts';
import { isNullish, named, type Operators, unary, variadic } from './operator.ts';

const getField: Operators['$getField'] = (operand, scope, compile, name) => {
  const isShort = !(operand instanceof Doc) || !('field' in operand);
  const field = compile(isShort ? operand : operand.field, scope);
  const input = isShort || operand.input === undefined ? undefined : compile(operand.input, scope);
  return (doc) => {
    const key = field(doc);
    if (typeof key !== 'string') {
      throw new MongoFault(3041704, `${name} requires 'field' to evaluate to type String, but got ${typeName(key)}`);
    }
    const holder = input === undefined ? doc : input(doc);
    if (isNullish(holder)) return holder;
    return holder instanceof Doc ? holder[key] : undefined;
  };
};

function fromPair(item: unknown, into: Doc): void {
  if (Array.isArray(item)) {
    if (item.length !== 2) throw new MongoFault(40392, '$arrayToObject requires an array of size 2 arrays');
    if (typeof item[0] !== 'string')
      throw new MongoFault(
        40395,
        '$arrayToObject requires an array of key-value pairs, where the key must be of type string',
      );
    into[item[0]] = item[1];
  } else if (item instanceof Doc) {
    if (Object.keys(item).length !== 2 || !('k' in item) || !('v' in item)) {
      throw new MongoFault(40392, "$arrayToObject requires an object keys of 'k' and 'v'");
    }
    if (typeof item.k !== 'string')
      throw new MongoFault(
        40394,
        "$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string",
      );
    into[item.k] = item.v;
  } else throw new MongoFault(40398, `Unrecognised input type format for $arrayToObject: ${typeName(item)}`);
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#object-expression-operators */
export const objectOperators: Operators = {
  $arrayToObject: unary((value) => {
    if (isNullish(value)) return null;
    if (!Array.isArray(value))
      throw new MongoFault(40386, `$arrayToObject requires an array input, found: ${typeName(value)}`);
    const result = new Doc();
    for (const item of value) fromPair(item, result);
    return result;
  }),
  $getField: getField,
  $mergeObjects: variadic((args) => (doc) => {
    const result = new Doc();
    for (const arg of args) {
      const value = arg(doc);
      for (const source of args.length === 1 && Array.isArray(value) ? value : [value]) mergeInto(result, source);
    }
    return result;
  }),
  $objectToArray: unary((value) => {
    if (isNullish(value)) return null;
    if (!(value instanceof Doc))
      throw new MongoFault(40390, `$objectToArray requires a document input, found: ${typeName(value)}`);
    return Object.keys(value).map((k) => docOf({ k, v: value[k] }));
  }),
  $setField: named(['field', 'input', 'value'], [], (args, scope, compile) => {
    if (typeof args.field !== 'string')
      throw new MongoFault(4161107, "$setField requires 'field' to be a constant string");
    const key = args.field;
    const input = compile(args.input, scope);
    const value = compile(args.value, scope);
    return (doc) => {
      const holder = input(doc);
      if (isNullish(holder)) return null;
      if (!(holder instanceof Doc))
        throw new MongoFault(4161105, `$setField requires 'input' to evaluate to type Object`);
      const copy = shallowCopy(holder);
      const next = value(doc);
      if (next === undefined) delete copy[key];
      else copy[key] = next;
      return copy;
    };
  }),
};

/** Copies the fields of a document over another's; null and missing add nothing. */
export function mergeInto(target: Doc, source: unknown): void {
  if (isNullish(source)) return;
  if (!(source instanceof Doc)) {
    throw new MongoFault(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(source)}`);
  }
  for (const key in source) target[key] = source[key];
}

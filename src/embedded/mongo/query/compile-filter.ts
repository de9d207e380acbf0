import { compileExpression } from '../aggregate/expressions/compile.ts';
import { rootScope, type Scope } from '../aggregate/expressions/scope.ts';
import { isTruthy } from '../aggregate/expressions/truth.ts';
import { Doc, isNumeric, typeName } from '../bson/doc.ts';
import { toNumber, wholeNumber } from '../bson/numbers.ts';
import { MongoFault } from '../errors.ts';
import { compileJsonSchema } from './json-schema.ts';
import { matchPath, type Predicate, type ValueTest } from './match-path.ts';
import { compileBsonRegex, compileRegex, isRegex } from './regex.ts';
import { comparedTo, equalTo, matchedBy, ofType, oneOf, remainder } from './value-tests.ts';

export type { Predicate } from './match-path.ts';

/**
 * Compiles a query filter (https://www.mongodb.com/docs/manual/reference/operator/query/) to a predicate. Operators
 * beyond those of this file are refused with 2 BadValue and their name.
 *
 * @param scope the variables `$expr` may use (`let` of a command)
 */
export function compileFilter(filter: Doc, scope: Scope = rootScope()): Predicate {
  const tests: Predicate[] = [];
  for (const key in filter) {
    if (key.startsWith('$')) tests.push(topLevel(key, filter[key], scope));
    else tests.push(field(key, filter[key], scope));
  }
  return allOf(tests);
}

function allOf(tests: readonly Predicate[]): Predicate {
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (tests.length === 2) return (doc) => first(doc) && second(doc);
  return (doc) => {
    for (const test of tests) if (!test(doc)) return false;
    return true;
  };
}

function topLevel(operator: string, operand: unknown, scope: Scope): Predicate {
  switch (operator) {
    case '$and':
      return allOf(branches(operator, operand, scope));
    case '$or': {
      const tests = branches(operator, operand, scope);
      return (doc) => tests.some((test) => test(doc));
    }
    case '$nor': {
      const tests = branches(operator, operand, scope);
      return (doc) => !tests.some((test) => test(doc));
    }
    case '$expr': {
      const expression = compileExpression(operand, scope);
      return (doc) => isTruthy(expression(doc));
    }
    case '$jsonSchema': {
      if (!(operand instanceof Doc)) throw new MongoFault(14, '$jsonSchema must be an object');
      const check = compileJsonSchema(operand);
      return (doc) => check(doc) === undefined;
    }
    case '$comment':
      return () => true;
    default:
      throw new MongoFault(
        2,
        `unknown top level operator: ${operator}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

function branches(operator: string, operand: unknown, scope: Scope): Predicate[] {
  if (!Array.isArray(operand)) throw new MongoFault(2, `${operator} must be an array`);
  if (operand.length === 0) throw new MongoFault(2, '$and/$or/$nor must be a nonempty array');
  return operand.map((branch) => {
    if (!(branch instanceof Doc)) throw new MongoFault(2, '$or/$and/$nor entries need to be full objects');
    return compileFilter(branch, scope);
  });
}

/** True for a document of operators (`{$gt: 1}`), which a field is tested with instead of being compared to. */
export function isOperators(value: unknown): value is Doc {
  return value instanceof Doc && (Object.keys(value)[0] ?? '').startsWith('$') && !isDbRef(value);
}

function isDbRef(value: Doc): boolean {
  return '$ref' in value || '$id' in value;
}

function field(path: string, condition: unknown, scope: Scope): Predicate {
  if (isRegex(condition)) return matchPath(path, 'each', regexOrEqual(condition));
  if (!isOperators(condition)) return matchPath(path, 'each', equalTo(condition));
  return operators(path, condition, scope);
}

function regexOrEqual(regex: Parameters<typeof compileBsonRegex>[0]): ValueTest {
  const matches = matchedBy(compileBsonRegex(regex));
  const equals = equalTo(regex);
  return (value) => matches(value) || equals(value);
}

function operators(path: string, condition: Doc, scope: Scope): Predicate {
  const tests: Predicate[] = [];
  for (const operator in condition) {
    if (operator === '$options') {
      if (!('$regex' in condition)) throw new MongoFault(2, '$options needs a $regex');
      continue;
    }
    tests.push(operatorTest(path, operator, condition[operator], condition, scope));
  }
  return allOf(tests);
}

function operatorTest(path: string, operator: string, operand: unknown, around: Doc, scope: Scope): Predicate {
  switch (operator) {
    case '$eq':
      return matchPath(path, 'each', equalTo(operand));
    case '$ne':
      if (isRegex(operand)) throw new MongoFault(2, "Can't have regex as arg to $ne.");
      return not(matchPath(path, 'each', equalTo(operand)));
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      // An array is compared as a whole as well as by its elements, which `each` does.
      return matchPath(path, 'each', comparedTo(operator, operand));
    case '$in':
      return matchPath(path, 'each', oneOf(operator, operand));
    case '$nin':
      return not(matchPath(path, 'each', oneOf(operator, operand)));
    case '$exists': {
      const wanted = isTruthy(operand);
      const exists = matchPath(path, 'whole', (value) => value !== undefined);
      return wanted ? exists : not(exists);
    }
    case '$type':
      return matchPath(path, 'each', ofType(operand));
    case '$mod':
      return matchPath(path, 'each', remainder(operand));
    case '$regex':
      return matchPath(path, 'each', matchedBy(regexOf(operand, around.$options)));
    case '$size':
      return matchPath(path, 'whole', sizeTest(operand));
    case '$all':
      return all(path, operand, scope);
    case '$elemMatch':
      return matchPath(path, 'whole', elementTest(operand, scope));
    case '$not':
      return not(negated(path, operand, scope));
    default:
      throw new MongoFault(2, `unknown operator: ${operator}`);
  }
}

function not(test: Predicate): Predicate {
  return (doc) => !test(doc);
}

function negated(path: string, operand: unknown, scope: Scope): Predicate {
  if (isRegex(operand)) return matchPath(path, 'each', matchedBy(compileBsonRegex(operand)));
  if (!(operand instanceof Doc)) throw new MongoFault(2, '$not needs a regex or a document');
  if (Object.keys(operand).length === 0) throw new MongoFault(2, '$not cannot be empty');
  for (const key in operand) if (!key.startsWith('$')) throw new MongoFault(2, `unknown operator: ${key}`);
  return operators(path, operand, scope);
}

function regexOf(operand: unknown, options: unknown): RegExp {
  if (isRegex(operand)) {
    if (options !== undefined && operand.options !== '')
      throw new MongoFault(51075, 'options set in both $regex and $options');
    return compileRegex(operand.pattern, typeof options === 'string' ? options : operand.options);
  }
  if (typeof operand !== 'string') throw new MongoFault(2, '$regex has to be a string');
  if (options !== undefined && typeof options !== 'string') throw new MongoFault(2, '$options has to be a string');
  return compileRegex(operand, options ?? '');
}

function sizeTest(operand: unknown): ValueTest {
  if (!isNumeric(operand)) {
    throw new MongoFault(2, `Failed to parse $size. Expected a number in: $size: ${typeName(operand)}`);
  }
  const size = wholeNumber(operand);
  if (size === undefined) {
    throw new MongoFault(2, `Failed to parse $size. Expected an integer: $size: ${toNumber(operand)}`);
  }
  if (size < 0) throw new MongoFault(2, `Failed to parse $size. Expected a non-negative number in: $size: ${size}`);
  return (value) => Array.isArray(value) && value.length === size;
}

function elementTest(operand: unknown, scope: Scope): ValueTest {
  if (!(operand instanceof Doc)) throw new MongoFault(2, '$elemMatch needs an Object');
  const ofDocuments = !isOperators(operand) || ['$and', '$or', '$nor'].includes(Object.keys(operand)[0] ?? '');
  if (ofDocuments) {
    const matches = compileFilter(operand, scope);
    return (value) => Array.isArray(value) && value.some((item) => item instanceof Doc && matches(item));
  }
  // The operators test the elements themselves: each one is looked at as the only field of a document.
  const matches = operators('element', operand, scope);
  const holder = new Doc();
  return (value) =>
    Array.isArray(value) &&
    value.some((item) => {
      holder.element = item;
      return matches(holder);
    });
}

function all(path: string, operand: unknown, scope: Scope): Predicate {
  if (!Array.isArray(operand)) throw new MongoFault(2, '$all needs an array');
  if (operand.length === 0) return () => false;
  return allOf(
    operand.map((item) => {
      if (item instanceof Doc && '$elemMatch' in item)
        return matchPath(path, 'whole', elementTest(item.$elemMatch, scope));
      if (isOperators(item)) throw new MongoFault(2, 'no $ expressions in $all');
      if (isRegex(item)) return matchPath(path, 'each', regexOrEqual(item));
      return matchPath(path, 'each', equalTo(item));
    }),
  );
}

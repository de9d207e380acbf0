import { Doc } from '../../bson/doc.ts';
import { MongoFault } from '../../errors.ts';
import { splitPath } from '../../query/paths.ts';
import { arithmeticOperators } from './arithmetic.ts';
import { arrayOperators } from './array.ts';
import { comparisonOperators } from './comparison.ts';
import { conditionalOperators } from './conditional.ts';
import { conversionOperators } from './conversion.ts';
import { dateOperators } from './date.ts';
import { datePartOperators } from './date-part.ts';
import { objectOperators } from './object.ts';
import type { Operators } from './operator.ts';
import type { Expression, Scope } from './scope.ts';
import { setOperators } from './set.ts';
import { stringOperators } from './string.ts';
import { variableOperators } from './variable.ts';

const operators: Operators = {
  ...arithmeticOperators,
  ...arrayOperators,
  ...comparisonOperators,
  ...conditionalOperators,
  ...conversionOperators,
  ...dateOperators,
  ...datePartOperators,
  ...objectOperators,
  ...setOperators,
  ...stringOperators,
  ...variableOperators,
};

/** Names of all expression operators this server has; the tests hold one golden case for each. */
export const expressionNames: readonly string[] = Object.keys(operators);

/**
 * Compiles an aggregation expression (https://www.mongodb.com/docs/manual/reference/operator/aggregation/); operators
 * that are not on the list are refused with 168 InvalidPipelineOperator and their name.
 */
export function compileExpression(operand: unknown, scope: Scope): Expression {
  if (typeof operand === 'string' && operand.startsWith('$')) {
    return operand.startsWith('$$') ? variable(operand.slice(2), scope) : fieldPath(operand.slice(1));
  }
  if (Array.isArray(operand)) {
    const items = operand.map((item) => compileExpression(item, scope));
    return (doc) => items.map((item) => item(doc) ?? null);
  }
  if (operand instanceof Doc) return compileDoc(operand, scope);
  return () => operand;
}

function compileDoc(operand: Doc, scope: Scope): Expression {
  const keys = Object.keys(operand);
  const [first] = keys;
  if (first?.startsWith('$')) {
    if (keys.length > 1) {
      throw new MongoFault(
        15983,
        `An object representing an expression must have exactly one field: ${keys.join(', ')}`,
      );
    }
    const build = Object.hasOwn(operators, first) ? operators[first] : undefined;
    if (build === undefined) throw new MongoFault(168, `Unrecognized expression '${first}'`);
    return build(operand[first], scope, compileExpression, first);
  }
  const fields = keys.map((key): [string, Expression] => {
    if (key.startsWith('$')) throw new MongoFault(16410, `FieldPath field names may not start with '$'. Got '${key}'.`);
    if (key.includes('.')) throw new MongoFault(16412, `FieldPath field names may not contain '.'. Got '${key}'.`);
    return [key, compileExpression(operand[key], scope)];
  });
  return (doc) => {
    const result = new Doc();
    for (const [key, expression] of fields) {
      const value = expression(doc);
      if (value !== undefined) result[key] = value;
    }
    return result;
  };
}

function variable(path: string, scope: Scope): Expression {
  const [name = '', ...rest] = splitPath(path);
  const source = variableValue(name, scope);
  return rest.length === 0 ? source : (doc) => pathValue(source(doc), rest, 0);
}

function variableValue(name: string, scope: Scope): Expression {
  if (name === 'ROOT' || name === 'CURRENT') return (doc) => doc;
  if (name === 'REMOVE') return () => undefined;
  const slot = scope.get(name);
  if (slot === undefined) throw new MongoFault(17276, `Use of undefined variable: ${name}`);
  return () => slot.value;
}

/** The expression of a field path without its `$`; a path through an array gives the array of what it finds. */
export function fieldPath(path: string): Expression {
  const parts = splitPath(path);
  for (const part of parts) {
    if (part === '') throw new MongoFault(15998, 'FieldPath field names may not be empty strings.');
    if (part.startsWith('$'))
      throw new MongoFault(16410, `FieldPath field names may not start with '$'. Got '${part}'.`);
    if (part.includes('\0')) throw new MongoFault(16411, 'FieldPath field names may not contain null bytes.');
  }
  const [first = '', second] = parts;
  if (second === undefined) return (doc) => doc[first];
  if (parts.length === 2) {
    return (doc) => {
      const holder = doc[first];
      return holder instanceof Doc ? holder[second] : pathValue(holder, parts, 1);
    };
  }
  return (doc) => pathValue(doc[first], parts, 1);
}

function pathValue(holder: unknown, parts: readonly string[], at: number): unknown {
  if (at === parts.length) return holder;
  if (holder instanceof Doc) return pathValue(holder[parts[at] ?? ''], parts, at + 1);
  if (!Array.isArray(holder)) return undefined;
  const found: unknown[] = [];
  for (const item of holder) {
    if (!(item instanceof Doc)) continue;
    const value = pathValue(item, parts, at);
    if (value !== undefined) found.push(value);
  }
  return found;
}

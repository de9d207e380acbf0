import { Doc } from '../../bson/doc.ts';
import { MongoFault } from '../../errors.ts';
import { type Build, isNullish, named, type Operators, unary, variadic } from './operator.ts';
import { isTruthy } from './truth.ts';

const conditional: Build = (operand, scope, compile) => {
  let parts: readonly unknown[];
  if (operand instanceof Doc) {
    for (const key in operand) {
      if (!['if', 'then', 'else'].includes(key)) throw new MongoFault(17083, `Unrecognized parameter to $cond: ${key}`);
    }
    for (const [at, key] of ['if', 'then', 'else'].entries()) {
      if (operand[key] === undefined) throw new MongoFault(17080 + at, `Missing '${key}' parameter to $cond`);
    }
    parts = [operand.if, operand.then, operand.else];
  } else parts = Array.isArray(operand) ? operand : [operand];
  if (parts.length !== 3) {
    throw new MongoFault(16020, `Expression $cond takes exactly 3 arguments. ${parts.length} were passed in.`);
  }
  const condition = compile(parts[0], scope);
  const yes = compile(parts[1], scope);
  const no = compile(parts[2], scope);
  return (doc) => (isTruthy(condition(doc)) ? yes(doc) : no(doc));
};

const switchOf = named(['branches'], ['default'], (args, scope, compile) => {
  if (!Array.isArray(args.branches) || args.branches.length === 0) {
    throw new MongoFault(40068, '$switch requires at least one branch.');
  }
  const branches = args.branches.map((branch) => {
    if (!(branch instanceof Doc) || branch.case === undefined) {
      throw new MongoFault(40066, "$switch requires each branch have a 'case' expression");
    }
    const { case: when, then, ...rest } = branch;
    if (then === undefined) throw new MongoFault(40067, "$switch requires each branch have a 'then' expression.");
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) throw new MongoFault(40063, `$switch found an unknown argument to a branch: ${unknown}`);
    return { when: compile(when, scope), result: compile(then, scope) };
  });
  const otherwise = args.default === undefined ? undefined : compile(args.default, scope);
  return (doc) => {
    for (const { when, result } of branches) if (isTruthy(when(doc))) return result(doc);
    if (otherwise === undefined) {
      throw new MongoFault(
        40069,
        '$switch could not find a matching branch for an input, and no default was specified.',
      );
    }
    return otherwise(doc);
  };
});

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/#boolean-expression-operators and #conditional. */
export const conditionalOperators: Operators = {
  $and: variadic((args) => (doc) => args.every((arg) => isTruthy(arg(doc)))),
  $or: variadic((args) => (doc) => args.some((arg) => isTruthy(arg(doc)))),
  $not: unary((value) => !isTruthy(value)),
  $cond: conditional,
  $ifNull: variadic((args) => {
    if (args.length < 2) throw new MongoFault(1257300, '$ifNull needs at least two arguments');
    return (doc) => {
      let value: unknown;
      for (const arg of args) {
        value = arg(doc);
        if (!isNullish(value)) return value;
      }
      return value;
    };
  }),
  $switch: switchOf,
};

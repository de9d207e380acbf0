import { Doc } from '../../bson/doc.ts';
import { MongoFault } from '../../errors.ts';
import type { Expression, Scope } from './scope.ts';

/** Compiles a nested expression. */
export type Compile = (operand: unknown, scope: Scope) => Expression;

/** Makes the expression of one operator from its operand. */
export type Build = (operand: unknown, scope: Scope, compile: Compile, name: string) => Expression;

/** The operators a file offers, by name. */
export type Operators = Readonly<Record<string, Build>>;

/** An operator of a fixed (or bounded) number of arguments, given as an array or, if it is one, alone. */
export function call(least: number, most: number, make: (args: readonly Expression[]) => Expression): Build {
  return (operand, scope, compile, name) => {
    const list = Array.isArray(operand) ? operand : [operand];
    if (list.length < least || list.length > most) {
      throw least === most
        ? new MongoFault(16020, `Expression ${name} takes exactly ${least} arguments. ${list.length} were passed in.`)
        : new MongoFault(
            28667,
            `Expression ${name} takes at least ${least} arguments, and at most ${most}, but ${list.length} were passed in.`,
          );
    }
    return make(list.map((item) => compile(item, scope)));
  };
}

/** An operator of one argument. */
export function unary(apply: (value: unknown, name: string) => unknown): Build {
  return (operand, scope, compile, name) =>
    call(
      1,
      1,
      ([arg = missing]) =>
        (doc) =>
          apply(arg(doc), name),
    )(operand, scope, compile, name);
}

/** An operator of two arguments. */
export function binary(apply: (a: unknown, b: unknown, name: string) => unknown): Build {
  return (operand, scope, compile, name) =>
    call(
      2,
      2,
      ([left = missing, right = missing]) =>
        (doc) =>
          apply(left(doc), right(doc), name),
    )(operand, scope, compile, name);
}

/** An operator of any number of arguments. */
export function variadic(make: (args: readonly Expression[], name: string) => Expression): Build {
  return (operand, scope, compile, name) =>
    call(0, Number.POSITIVE_INFINITY, (args) => make(args, name))(operand, scope, compile, name);
}

/** An operator whose operand is a document of named arguments; unknown and absent ones are refused. */
export function named(
  required: readonly string[],
  optional: readonly string[],
  make: (args: Doc, scope: Scope, compile: Compile, name: string) => Expression,
): Build {
  return (operand, scope, compile, name) => {
    if (!(operand instanceof Doc)) throw new MongoFault(9, `${name} requires an object as an argument`);
    for (const key in operand) {
      if (!required.includes(key) && !optional.includes(key)) {
        throw new MongoFault(9, `${name} found an unknown argument: ${key}`);
      }
    }
    for (const key of required) {
      if (operand[key] === undefined) throw new MongoFault(9, `Missing '${key}' parameter to ${name}`);
    }
    return make(operand, scope, compile, name);
  };
}

/** The expression of nothing. */
export const missing: Expression = () => undefined;

/** True for null and missing. */
export function isNullish(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

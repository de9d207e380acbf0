import { Doc, typeName } from '../bson/doc.ts';
import { KeyWriter } from '../bson/key.ts';
import { MongoFault } from '../errors.ts';
import { type Accumulator, accumulators } from './accumulators.ts';
import { compileExpression } from './expressions/compile.ts';
import type { Expression, Scope } from './expressions/scope.ts';
import type { BuildStage, Stage } from './stage.ts';

/** One field of a group: its accumulator and what is fed to it. */
export interface GroupField {
  readonly name: string;
  readonly make: () => Accumulator;
  readonly input: Expression;
}

interface Group {
  readonly id: unknown;
  readonly states: Accumulator[];
}

/** Compiles one field of `$group` or of the output of `$bucket`. */
export function groupField(name: string, spec: unknown, scope: Scope): GroupField {
  if (name.includes('.')) throw new MongoFault(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$')) throw new MongoFault(40236, `The field name '${name}' cannot be an operator name`);
  const operators = spec instanceof Doc ? Object.keys(spec) : [];
  const [operator, second] = operators;
  if (!(spec instanceof Doc) || operator === undefined || !operator.startsWith('$')) {
    throw new MongoFault(40234, `The field '${name}' must be an accumulator object`);
  }
  if (second !== undefined) throw new MongoFault(40238, `The field '${name}' must specify one accumulator`);
  const operand = spec[operator];
  if (operator === '$count') {
    if (!(operand instanceof Doc) || Object.keys(operand).length > 0) {
      throw new MongoFault(9, '$count takes no arguments, i.e. $count:{}');
    }
    return { name, make: accumulatorOf('$sum'), input: () => 1 };
  }
  if (Array.isArray(operand) && operand.length !== 1) {
    throw new MongoFault(40237, `The ${operator} accumulator is a unary operator`);
  }
  return {
    name,
    make: accumulatorOf(operator),
    input: compileExpression(Array.isArray(operand) ? operand[0] : operand, scope),
  };
}

function accumulatorOf(operator: string): () => Accumulator {
  const make = Object.hasOwn(accumulators, operator) ? accumulators[operator] : undefined;
  if (make === undefined) throw new MongoFault(15952, `unknown group operator '${operator}'`);
  return make;
}

/** `$group` (https://www.mongodb.com/docs/manual/reference/operator/aggregation/group/); groups leave in order of arrival. */
export const group: BuildStage = (operand, { scope }) => {
  if (!(operand instanceof Doc))
    throw new MongoFault(15947, `a group's fields must be specified in an object, not ${typeName(operand)}`);
  if (operand._id === undefined) throw new MongoFault(15955, 'a group specification must include an _id');
  const id = compileExpression(operand._id, scope);
  const fields = Object.keys(operand)
    .filter((name) => name !== '_id')
    .map((name) => groupField(name, operand[name], scope));
  return grouping(id, fields);
};

function grouping(idOf: Expression, fields: readonly GroupField[]): Stage {
  return (next) => {
    // Text, the usual key, needs no encoding of its own.
    const byText = new Map<string, Group>();
    const byKey = new Map<string, Group>();
    const groups: Group[] = [];
    const writer = new KeyWriter();
    const size = fields.length;
    const find = (id: unknown): Group => {
      const [map, key] = typeof id === 'string' ? [byText, id] : [byKey, writer.value(id).take()];
      let found = map.get(key);
      if (found === undefined) {
        found = { id, states: fields.map((field) => field.make()) };
        map.set(key, found);
        groups.push(found);
      }
      return found;
    };
    return {
      push(doc) {
        const { states } = find(idOf(doc) ?? null);
        for (let at = 0; at < size; at++) states[at]?.add(fields[at]?.input(doc));
        return true;
      },
      end() {
        for (const { id, states } of groups) {
          const doc = new Doc();
          doc._id = id;
          for (const [at, { name }] of fields.entries()) doc[name] = states[at]?.result();
          if (!next.push(doc)) break;
        }
        next.end();
      },
    };
  };
}

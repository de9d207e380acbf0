import { compareValues, typeOrder } from '../bson/compare.ts';
import { Doc, docOf } from '../bson/doc.ts';
import { MongoFault } from '../errors.ts';
import type { Accumulator } from './accumulators.ts';
import { compileExpression } from './expressions/compile.ts';
import { groupField } from './group.ts';
import type { BuildStage } from './stage.ts';

/** `$bucket` (https://www.mongodb.com/docs/manual/reference/operator/aggregation/bucket/): lower bounds are in, upper out. */
export const bucket: BuildStage = (operand, { scope }) => {
  if (!(operand instanceof Doc)) throw new MongoFault(40201, 'Argument to $bucket stage must be an object');
  for (const key in operand) {
    if (!['groupBy', 'boundaries', 'default', 'output'].includes(key))
      throw new MongoFault(40197, `Unrecognized option to $bucket: ${key}`);
  }
  const boundaries = operand.boundaries;
  if (operand.groupBy === undefined || !Array.isArray(boundaries)) {
    throw new MongoFault(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  }
  if (boundaries.length < 2) throw new MongoFault(40192, "The $bucket 'boundaries' field must have at least 2 values");
  for (let at = 1; at < boundaries.length; at++) {
    if (typeOrder(boundaries[at - 1]) !== typeOrder(boundaries[at]))
      throw new MongoFault(40193, "All values in the 'boundaries' option to $bucket must have the same type");
    if (compareValues(boundaries[at - 1], boundaries[at]) >= 0)
      throw new MongoFault(40194, "The 'boundaries' option to $bucket must be sorted, but elements are not");
  }
  const by = compileExpression(operand.groupBy, scope);
  const output = operand.output instanceof Doc ? operand.output : docOf({ count: docOf({ $sum: 1 }) });
  const fields = Object.keys(output).map((name) => groupField(name, output[name], scope));
  const idOf = (doc: Doc): unknown => {
    const value = by(doc);
    for (let at = 1; at < boundaries.length; at++) {
      if (compareValues(value, boundaries[at - 1]) >= 0 && compareValues(value, boundaries[at]) < 0)
        return boundaries[at - 1];
    }
    if (operand.default === undefined)
      throw new MongoFault(
        40066,
        '$switch could not find a matching branch for an input, and no default was specified.',
      );
    return operand.default;
  };
  return (next) => {
    const groups: { id: unknown; states: Accumulator[] }[] = [];
    return {
      push(doc) {
        const id = idOf(doc);
        let found = groups.find((one) => compareValues(one.id, id) === 0);
        if (found === undefined) {
          found = { id, states: fields.map((field) => field.make()) };
          groups.push(found);
        }
        for (const [at, field] of fields.entries()) found.states[at]?.add(field.input(doc));
        return true;
      },
      end() {
        groups.sort((a, b) => compareValues(a.id, b.id));
        for (const { id, states } of groups) {
          const doc = docOf({ _id: id });
          for (const [at, { name }] of fields.entries()) doc[name] = states[at]?.result();
          if (!next.push(doc)) break;
        }
        next.end();
      },
    };
  };
};

import { Doc, docOf, shallowCopy } from '../bson/doc.ts';
import { MongoFault, unsupported } from '../errors.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { findRecords } from '../query/find-records.ts';
import { splitPath } from '../query/paths.ts';
import { fieldPath } from './expressions/compile.ts';
import { type BuildStage, collectStage } from './stage.ts';

function text(operand: Doc, key: string, stage: string): string {
  const value = operand[key];
  if (typeof value === 'string' && value !== '') return value;
  throw new MongoFault(9, `${stage} argument '${key}' must be a string`);
}

/**
 * `$lookup` by equality of two fields
 * (https://www.mongodb.com/docs/manual/reference/operator/aggregation/lookup/); with `let` or `pipeline` it is refused.
 */
export const lookup: BuildStage = (operand, { collection }) => {
  if (!(operand instanceof Doc)) throw new MongoFault(9, 'the $lookup specification must be an Object');
  for (const key in operand) {
    if (key === 'let' || key === 'pipeline') throw unsupported(`$lookup with '${key}'`);
    if (!['from', 'localField', 'foreignField', 'as'].includes(key))
      throw new MongoFault(9, `unknown argument to $lookup: ${key}`);
  }
  const from = text(operand, 'from', '$lookup');
  const local = fieldPath(text(operand, 'localField', '$lookup'));
  const foreign = text(operand, 'foreignField', '$lookup');
  const as = text(operand, 'as', '$lookup');
  if (splitPath(as).length > 1) throw unsupported("$lookup with a dotted 'as'");
  return (next) => ({
    push(doc) {
      const value = local(doc) ?? null;
      const filter = docOf({ [foreign]: docOf(Array.isArray(value) ? { $in: value } : { $eq: value }) });
      const source = collection(from);
      const found = source === undefined ? [] : findRecords(source, { filter, matches: compileFilter(filter) }).records;
      const copy = shallowCopy(doc);
      copy[as] = found.map((record) => record.doc);
      return next.push(copy);
    },
    end: () => next.end(),
  });
};

/** `$unionWith` (https://www.mongodb.com/docs/manual/reference/operator/aggregation/unionWith/). */
export const unionWith: BuildStage = (operand, context) => {
  const options = typeof operand === 'string' ? docOf({ coll: operand }) : operand;
  if (!(options instanceof Doc))
    throw new MongoFault(9, 'the $unionWith stage specification must be an object or string');
  for (const key in options) {
    if (key !== 'coll' && key !== 'pipeline')
      throw new MongoFault(40415, `BSON field '$unionWith.${key}' is an unknown field.`);
  }
  const name = text(options, 'coll', '$unionWith');
  const inner = context.compile(options.pipeline ?? [], context);
  return (next) => {
    let wanted = true;
    return {
      push(doc) {
        wanted = next.push(doc);
        return wanted;
      },
      end() {
        const records = wanted ? [...(context.collection(name)?.records.values() ?? [])] : [];
        for (const doc of collectStage(
          inner,
          records.map((record) => record.doc),
        ))
          if (!next.push(doc)) break;
        next.end();
      },
    };
  };
};

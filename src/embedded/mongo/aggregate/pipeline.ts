import { Doc, docOf, typeName } from '../bson/doc.ts';
import { wholeNumber } from '../bson/numbers.ts';
import { MongoFault } from '../errors.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { parseSort, Sorter, sortKeys } from '../query/sort.ts';
import { bucket } from './bucket.ts';
import { group } from './group.ts';
import { lookup, unionWith } from './join.ts';
import {
  type BuildStage,
  collectStage,
  gathering,
  mapping,
  type PipelineContext,
  type Sink,
  type Stage,
} from './stage.ts';
import { transforms } from './transforms.ts';
import { unwind } from './unwind.ts';

const match: BuildStage = (operand, { scope }) => {
  if (!(operand instanceof Doc)) throw new MongoFault(15959, 'the match filter must be an expression in an object');
  const matches = compileFilter(operand, scope);
  return (next) => ({ push: (doc) => !matches(doc) || next.push(doc), end: () => next.end() });
};

function positive(operand: unknown, name: string, least: number): number {
  const count = wholeNumber(operand);
  if (count === undefined)
    throw new MongoFault(5107201, `invalid argument to ${name} stage: Expected a number, found ${typeName(operand)}`);
  if (count < least)
    throw new MongoFault(
      least === 1 ? 15958 : 5107200,
      `invalid argument to ${name} stage: the limit must be positive`,
    );
  return count;
}

function limiting(count: number): Stage {
  return (next) => {
    let left = count;
    return { push: (doc) => left-- > 0 && next.push(doc) && left > 0, end: () => next.end() };
  };
}

const sort: BuildStage = (operand, _, rest) => {
  const fields = parseSort(operand);
  if (fields === undefined) throw new MongoFault(15976, '$sort stage must have at least one sort key');
  const keyOf = sortKeys(fields);
  const limit = wholeNumber(rest[0]?.$limit);
  return (next) => {
    const sorter = new Sorter<Doc>(limit);
    return {
      push(doc) {
        sorter.add(keyOf(doc), doc);
        return true;
      },
      end() {
        for (const doc of sorter.take()) if (!next.push(doc)) break;
        next.end();
      },
    };
  };
};

const facet: BuildStage = (operand, context) => {
  if (!(operand instanceof Doc) || Object.keys(operand).length === 0) {
    throw new MongoFault(40169, 'the $facet specification must be a non-empty object');
  }
  const facets = Object.entries(operand).map(([name, stages]): [string, Stage] => [
    name,
    context.compile(stages, context),
  ]);
  return gathering((docs) => [
    docOf(Object.fromEntries(facets.map(([name, stage]) => [name, collectStage(stage, docs)]))),
  ]);
};

const count: BuildStage = (operand) => {
  if (typeof operand !== 'string' || operand === '')
    throw new MongoFault(40156, 'the count field must be a non-empty string');
  if (operand.startsWith('$') || operand.includes('.')) {
    throw new MongoFault(
      operand.startsWith('$') ? 40158 : 40160,
      "the count field cannot be a $-prefixed path or contain '.'",
    );
  }
  return gathering((docs) => (docs.length === 0 ? [] : [docOf({ [operand]: docs.length })]));
};

const sample: BuildStage = (operand) => {
  const size = operand instanceof Doc ? wholeNumber(operand.size) : undefined;
  if (size === undefined || size < 1)
    throw new MongoFault(28747, 'size argument to $sample must be a positive integer');
  return gathering((docs) => {
    for (let at = 0; at < Math.min(size, docs.length); at++) {
      const other = at + Math.floor(Math.random() * (docs.length - at));
      const [a, b] = [docs[at], docs[other]];
      if (a !== undefined && b !== undefined) [docs[at], docs[other]] = [b, a];
    }
    return docs.slice(0, size);
  });
};

const sortByCount: BuildStage = (operand, context) => {
  const isExpression =
    (typeof operand === 'string' && operand.startsWith('$')) ||
    (operand instanceof Doc && Object.keys(operand)[0]?.startsWith('$'));
  if (!isExpression)
    throw new MongoFault(
      40149,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    );
  const stages = [
    docOf({ $group: docOf({ _id: operand, count: docOf({ $sum: 1 }) }) }),
    docOf({ $sort: docOf({ count: -1 }) }),
  ];
  return compilePipelineStages(stages, context);
};

const stages: Readonly<Record<string, BuildStage>> = {
  ...Object.fromEntries(
    Object.entries(transforms).map(([name, build]): [string, BuildStage] => [
      name,
      (operand, { scope }) => mapping(build(operand, scope)),
    ]),
  ),
  $bucket: bucket,
  $count: count,
  $facet: facet,
  $group: group,
  $limit: (operand) => limiting(positive(operand, '$limit', 1)),
  $lookup: lookup,
  $match: match,
  $sample: sample,
  $skip: (operand) => {
    const skip = positive(operand, '$skip', 0);
    return (next) => {
      let left = skip;
      return { push: (doc) => (left > 0 ? left-- > 0 : next.push(doc)), end: () => next.end() };
    };
  },
  $sort: sort,
  $sortByCount: sortByCount,
  $unionWith: unionWith,
  $unwind: unwind,
};

/** Names of the stages this server has (`$changeStream` is one of the aggregate command). */
export const stageNames: readonly string[] = Object.keys(stages);

/** The stages of a pipeline, each checked to be a document of one field. */
export function stageList(pipeline: unknown): Doc[] {
  if (!Array.isArray(pipeline)) throw new MongoFault(14, "'pipeline' option must be specified as an array");
  return pipeline.map((stage) => {
    if (!(stage instanceof Doc)) throw new MongoFault(14, 'Each element of the pipeline array must be an object');
    if (Object.keys(stage).length !== 1) {
      throw new MongoFault(40323, 'A pipeline stage specification object must contain exactly one field.');
    }
    return stage;
  });
}

/**
 * Compiles a pipeline (https://www.mongodb.com/docs/manual/reference/operator/aggregation-pipeline/); stages that are
 * not on the list are refused with 40324 and their name.
 */
export function compilePipelineStages(pipeline: unknown, context: PipelineContext): Stage {
  const list = stageList(pipeline);
  const built = list.map((spec, at) => {
    const [name = ''] = Object.keys(spec);
    const build = Object.hasOwn(stages, name) ? stages[name] : undefined;
    if (build === undefined) throw new MongoFault(40324, `Unrecognized pipeline stage name: '${name}'`);
    return build(spec[name], context, list.slice(at + 1));
  });
  return (next: Sink) => built.reduceRight((sink, stage) => stage(sink), next);
}

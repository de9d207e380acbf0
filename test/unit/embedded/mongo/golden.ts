import { type Document, deserialize, serialize } from 'bson';
import { compileExpression } from '../../../../src/embedded/mongo/aggregate/expressions/compile.ts';
import { rootScope } from '../../../../src/embedded/mongo/aggregate/expressions/scope.ts';
import { compilePipelineStages } from '../../../../src/embedded/mongo/aggregate/pipeline.ts';
import { collectStage } from '../../../../src/embedded/mongo/aggregate/stage.ts';
import { BsonReader } from '../../../../src/embedded/mongo/bson/decode.ts';
import { type Doc, docOf } from '../../../../src/embedded/mongo/bson/doc.ts';
import { encode } from '../../../../src/embedded/mongo/bson/encode.ts';
import { MongoFault } from '../../../../src/embedded/mongo/errors.ts';
import { compileFilter } from '../../../../src/embedded/mongo/query/compile-filter.ts';
import { compileUpdate } from '../../../../src/embedded/mongo/update/compile-update.ts';

const reader = new BsonReader();

/** A plain object as the server sees it after the wire. */
export function doc(value: Document): Doc {
  return reader.read(Buffer.from(serialize(value, { ignoreUndefined: true })));
}

/** A server's document as a client sees it. */
export function plain(value: Doc): Document {
  return deserialize(encode(value));
}

/** The value of an aggregation expression for a document; undefined when it is missing. */
export function evaluate(expression: unknown, input: Document = {}): unknown {
  const compiled = compileExpression(doc({ e: expression }).e, rootScope());
  return plain(docOf({ value: compiled(doc(input)) })).value;
}

/** The `_id`s of the documents a filter matches. */
export function matching(filter: Document, documents: readonly Document[]): unknown[] {
  const matches = compileFilter(doc(filter));
  return documents.filter((document) => matches(doc(document))).map((document) => document._id);
}

/** What a pipeline makes of documents. */
export function aggregate(pipeline: readonly Document[], documents: readonly Document[]): Document[] {
  const scope = rootScope();
  const context = { scope, collection: () => undefined, compile: compilePipelineStages };
  const stage = compilePipelineStages(doc({ pipeline }).pipeline, context);
  return collectStage(stage, documents.map(doc)).map(plain);
}

/** A document after an update. */
export function update(before: Document, spec: Document | Document[], isInsert = false): Document {
  const input = doc(before);
  const copy = JSON.stringify(plain(input));
  const result = compileUpdate(doc({ u: spec }).u, {}, rootScope()).apply(input, isInsert);
  if (JSON.stringify(plain(input)) !== copy) throw new Error('the update altered the stored document');
  return plain(result);
}

/** The error code and message of what a function throws. */
export function faultOf(run: () => unknown): { code: number; message: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof MongoFault) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
}

import type { Doc } from '../bson/doc.ts';
import type { Collection } from '../storage/collection.ts';
import type { Scope } from './expressions/scope.ts';

/** Takes the documents that leave a stage. */
export interface Sink {
  /** @returns false when no more documents are wanted */
  push(doc: Doc): boolean;
  /** Says that there are no more documents. */
  end(): void;
}

/** Puts a stage before the next one. */
export type Stage = (next: Sink) => Sink;

/** What stages may look at while they are compiled. */
export interface PipelineContext {
  readonly scope: Scope;
  /** A collection of the pipeline's database, if it exists. */
  collection(name: string): Collection | undefined;
  /** Compiles a pipeline within the pipeline. */
  compile(stages: unknown, context: PipelineContext): Stage;
}

/** Makes a stage; `rest` are the specifications of the stages behind it. */
export type BuildStage = (operand: unknown, context: PipelineContext, rest: readonly Doc[]) => Stage;

/** A stage that makes one document of each. */
export function mapping(transform: (doc: Doc) => Doc): Stage {
  return (next) => ({ push: (doc) => next.push(transform(doc)), end: () => next.end() });
}

/** A stage that sees all documents before it lets any pass. */
export function gathering(finish: (docs: Doc[]) => Iterable<Doc>): Stage {
  return (next) => {
    const docs: Doc[] = [];
    return {
      push(doc) {
        docs.push(doc);
        return true;
      },
      end() {
        for (const doc of finish(docs)) if (!next.push(doc)) break;
        next.end();
      },
    };
  };
}

/** Runs documents through a stage and gives what comes out. */
export function collectStage(stage: Stage, docs: Iterable<Doc>): Doc[] {
  const result: Doc[] = [];
  const sink = stage({
    push(doc) {
      result.push(doc);
      return true;
    },
    end() {},
  });
  for (const doc of docs) if (!sink.push(doc)) break;
  sink.end();
  return result;
}

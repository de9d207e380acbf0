import { Doc } from '../bson/doc.ts';
import { MongoFault } from '../errors.ts';
import type { Transform } from '../query/projection.ts';
import type { Scope } from './expressions/scope.ts';
import { transforms } from './transforms.ts';

/** Compiles the pipeline of an update: only stages that change one document are allowed. */
export function compilePipeline(stages: readonly unknown[], scope: Scope): Transform {
  const steps = stages.map((stage) => {
    const [name, second] = stage instanceof Doc ? Object.keys(stage) : [];
    if (!(stage instanceof Doc) || name === undefined || second !== undefined) {
      throw new MongoFault(40323, 'A pipeline stage specification object must contain exactly one field.');
    }
    const build = Object.hasOwn(transforms, name) ? transforms[name] : undefined;
    if (build === undefined) throw new MongoFault(72, `${name} is not allowed to be used within an update`);
    return build(stage[name], scope);
  });
  return (doc) => steps.reduce((current, step) => step(current), doc);
}

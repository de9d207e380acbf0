import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DependencyError } from '../domain/dependency-error.ts';

/** What went wrong with a request. Source: RFC 9457, with `errors` after its own example. */
export const problemSchema = z
  .object({
    type: z.string().describe('`about:blank`: the status says what kind of problem it is.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What to do about it.'),
    errors: z
      .array(z.object({ field: z.string(), detail: z.string() }))
      .optional()
      .describe('Fields at fault, in body, path or query.'),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;

/** A request that is answered with a problem. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly errors: Problem['errors'];

  constructor(status: number, detail: string, errors?: NonNullable<Problem['errors']>) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

/** The problem with one field. */
export function fieldProblem(field: string, detail: string): ProblemError {
  return new ProblemError(400, `${field}: ${detail}`, [{ field, detail }]);
}

const retryAfterSeconds = 5;
/** What fastify refuses before a handler sees it: no JSON, too large, another type. */
const bodyFaults = [400, 413, 415];
const contentType = 'application/problem+json';

/** Answers with a problem. */
export function sendProblem(
  reply: FastifyReply,
  status: number,
  detail: string,
  errors?: Problem['errors'],
): FastifyReply {
  const title = STATUS_CODES[status] ?? 'Error';
  const problem: Problem = { type: 'about:blank', title, status, detail, ...(errors !== undefined && { errors }) };
  // Serialized here: a route's schema for its success must not touch it.
  return reply.code(status).type(contentType).serializer(JSON.stringify).send(problem);
}

/** Turns whatever a request ends with into a problem; defects are logged and told without their inside. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof ProblemError) return sendProblem(reply, error.status, error.message, error.errors);
  if (error.validation !== undefined) return answerInvalid(error, reply);
  if (error instanceof DependencyError) {
    request.log.error({ err: error }, 'a dependency failed a request');
    reply.header('retry-after', retryAfterSeconds);
    return sendProblem(reply, 503, 'Something koe needs does not answer. Try again.');
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) {
    request.log.error({ err: error }, 'a request met a defect');
    return sendProblem(reply, 500, 'A defect of koe. The log has the details under this request id.');
  }
  if (!bodyFaults.includes(status)) return sendProblem(reply, status, error.message);
  return sendProblem(reply, status, `body: ${error.message}`, [{ field: 'body', detail: error.message }]);
}

function answerInvalid(
  { validation = [], validationContext = 'body' }: FastifyError,
  reply: FastifyReply,
): FastifyReply {
  const where = validationContext === 'querystring' ? 'query' : validationContext;
  const errors = validation.flatMap(({ instancePath, keyword, message = 'is not valid', params }) => {
    const path = [where, ...instancePath.split('/').filter((part) => part !== '')];
    // Fields that a strict object does not have are reported at the object.
    if (keyword !== 'unrecognized_keys' || !Array.isArray(params.keys))
      return [{ field: nameOf(path), detail: message }];
    return params.keys.map(String).map((name) => ({ field: nameOf([...path, name]), detail: 'is not known here' }));
  });
  const [first] = errors;
  const detail = first === undefined ? 'The request is not valid.' : `${first.field}: ${first.detail}`;
  return sendProblem(reply, 400, detail, errors.slice(0, 20));
}

function nameOf(path: readonly string[]): string {
  return path.join('.').slice(0, 200);
}

import type { z } from 'zod';
import { problemSchema } from './problem.ts';

/** Problems that any route with a key may answer with. */
const anywhere = [400, 401, 403, 429, 500, 503] as const;

const problem = { description: 'Problem', content: { 'application/problem+json': { schema: problemSchema } } };

/** A route's answers: its success, and the problems it may have. */
export function answers<Schema extends z.ZodType, Extra extends number = never>(success: Schema, ...extra: Extra[]) {
  const problems = Object.fromEntries([...anywhere, ...extra].map((status) => [status, problem]));
  return { 200: success, ...problems } as { 200: Schema } & Record<(typeof anywhere)[number] | Extra, typeof problem>;
}

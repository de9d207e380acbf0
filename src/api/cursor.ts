import { z } from 'zod';
import { fieldProblem } from './problem.ts';

const ended = z.tuple([z.iso.datetime(), z.string().min(1).max(256)]);

/** Where a page ended. */
interface PageEnd {
  readonly occurredAt: Date;
  readonly id: string;
}

/** A page's end as the text that asks for the next page. */
export function writeCursor({ occurredAt, id }: PageEnd): string {
  return Buffer.from(JSON.stringify([occurredAt.toISOString(), id])).toString('base64url');
}

/**
 * The end of the page before, from the text that it came with.
 *
 * @throws ProblemError for anything that {@link writeCursor} did not write
 */
export function readCursor(cursor: string): PageEnd {
  try {
    const [occurredAt, id] = ended.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { occurredAt: new Date(occurredAt), id };
  } catch (cause) {
    throw Object.assign(fieldProblem('query.cursor', 'must be the nextCursor of the page before'), { cause });
  }
}

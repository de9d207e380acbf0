import { z } from 'zod';
import { fieldProblem } from './problem.ts';

/** Turns where a page ended into the text that asks for the next one, and back. */
export interface Cursor<End> {
  write(end: End): string;
  /** @throws ProblemError for anything that `write` did not write */
  read(cursor: string): End;
}

/** Parameter by which the next page is asked for. */
export const cursorParameter = z
  .string()
  .min(1)
  .max(800)
  .optional()
  .describe('The nextCursor of the page before; the other parameters stay as they were.');

/** What answers hold it in. */
export const nextCursor = z.string().optional().describe('Ask with it for the next page; absent on the last one.');

/** A cursor of ends that are a tuple of JSON values. */
export function cursorOf<End extends readonly unknown[]>(schema: z.ZodType<End>): Cursor<End> {
  return {
    write: (end) => Buffer.from(JSON.stringify(end)).toString('base64url'),
    read: (cursor) => {
      try {
        return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
      } catch (cause) {
        throw Object.assign(fieldProblem('query.cursor', 'must be the nextCursor of the page before'), { cause });
      }
    },
  };
}

/** A cursor of a time, RFC 3339, and a name that tells apart what shares it. */
export const timeCursor = cursorOf(z.tuple([z.iso.datetime(), z.string().min(1).max(300)]));

import { z } from 'zod';

/** A name that a producer chose for something of its own. */
export const identifier = (what: string) =>
  z
    .string()
    .min(1)
    .max(256)
    // MongoDB stores every lone surrogate as the same U+FFFD: two identifiers would become one.
    .regex(/^[^\u0000-\u001f\u007f\ud800-\udfff]+$/u, 'must hold no control characters and no half characters')
    .describe(what);

/** Whose data it is. A slash never occurs in it, so `tenant/id` is unambiguous. */
export const tenantSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be letters, digits, dot, _ or -, at most 64')
  .describe('Whose feedback it is: a company or a brand.');

/** A point in time on the wire. */
export const timeSchema = z.iso.datetime({
  offset: true,
  error: 'must be an RFC 3339 time with Z or an offset, such as 2026-11-20T10:00:00+09:00',
});

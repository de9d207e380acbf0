import { z } from 'zod';

/** A half-open range `[start, end)` of UTF-16 code units in the stored (masked) text. */
export const spanSchema = z.strictObject({
  start: z.int().min(0).describe('First UTF-16 code unit of the range.'),
  end: z.int().min(0).describe('The UTF-16 code unit after the last one of the range.'),
});

/** A half-open range `[start, end)` of UTF-16 code units. */
export type Span = z.infer<typeof spanSchema>;

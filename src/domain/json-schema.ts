import { z } from 'zod';

/** JSON Schema of what may be written: draft 2020-12, or draft 7 where tools know no newer one. */
export function jsonSchemaOf(schema: z.ZodType, draft: '2020-12' | '7' = '2020-12'): object {
  return z.toJSONSchema(schema, { io: 'input', target: draft === '7' ? 'draft-7' : 'draft-2020-12' });
}

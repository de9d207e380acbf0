import { z } from 'zod';

/** Paths of fields in a value that an object schema does not know, nested objects included. */
export function unknownFields(schema: z.ZodObject, value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const known = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
    if (known === undefined) return [prefix + name];
    const inner = known instanceof z.ZodOptional ? known.unwrap() : known;
    return inner instanceof z.ZodObject ? unknownFields(inner, field, `${prefix}${name}.`) : [];
  });
}

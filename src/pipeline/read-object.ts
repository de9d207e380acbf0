import type { z } from 'zod';
import { deadLetter, type Outcome, ok } from '../domain/outcome.ts';
import type { JsonObject } from './cloud-event.ts';
import { describeIssues, fieldName } from './issues.ts';
import { unknownFields } from './unknown-fields.ts';

const step = 'decode';

/** What a JSON object is read as. */
export interface ObjectKind<T> {
  readonly schema: z.ZodType<T>;
  /** The newest schema version that this koe reads. */
  readonly newestVersion: number;
  /** The object schema that knows the fields of a valid value. */
  readonly fieldsOf: (value: T) => z.ZodObject;
}

/** A value as it was read, with the names of fields that were dropped. */
export interface ReadObject<T> {
  readonly value: T;
  readonly ignoredFields: readonly string[];
}

/** A JSON object to a validated value: schema version, schema, unknown fields. */
export function readObject<T>(
  object: JsonObject,
  { schema, newestVersion, fieldsOf }: ObjectKind<T>,
  { strictFields }: { readonly strictFields: boolean },
): Outcome<ReadObject<T>> {
  const version = object.schemaVersion;
  if (typeof version === 'number' && Number.isInteger(version) && version > newestVersion) {
    return deadLetter('KOE_SCHEMA_VERSION', `schemaVersion ${version}; this koe reads up to ${newestVersion}`, step);
  }
  const parsed = schema.safeParse(object);
  if (!parsed.success) {
    const { detail, missing } = describeIssues(parsed.error.issues, object);
    return deadLetter(missing ? 'KOE_FIELD_MISSING' : 'KOE_FIELD_INVALID', detail, step);
  }
  const ignoredFields = unknownFields(fieldsOf(parsed.data), object);
  if (strictFields && ignoredFields.length > 0) {
    const names = ignoredFields.slice(0, 20).map((name) => fieldName([name]));
    return deadLetter('KOE_FIELD_INVALID', `unknown fields: ${names.join(', ')}`, step);
  }
  return ok({ value: parsed.data, ignoredFields });
}

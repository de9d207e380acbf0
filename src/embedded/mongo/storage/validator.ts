import { Doc, docOf } from '../bson/doc.ts';
import { MongoFault } from '../errors.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { compileJsonSchema } from '../query/json-schema.ts';

/** Checks documents against a collection's `validator`; throws 121 DocumentValidationFailure with `errInfo`. */
export interface Validator {
  /** @param before the document an update replaces: level `moderate` lets invalid ones stay invalid */
  check(doc: Doc, before?: Doc): void;
}

/** Reads `validator`, `validationLevel` and `validationAction` of a collection's options. */
export function parseValidator(options: Doc): Validator | undefined {
  const { validator, validationLevel = 'strict', validationAction = 'error' } = options;
  if (!['off', 'strict', 'moderate'].includes(String(validationLevel))) {
    throw new MongoFault(
      2,
      `Enumeration value '${String(validationLevel)}' for field 'validationLevel' is not a valid value.`,
    );
  }
  if (!['error', 'warn'].includes(String(validationAction))) {
    throw new MongoFault(
      2,
      `Enumeration value '${String(validationAction)}' for field 'validationAction' is not a valid value.`,
    );
  }
  if (validator === undefined) return undefined;
  if (!(validator instanceof Doc)) throw new MongoFault(14, "The field 'validator' must be an object");
  const matches = compileFilter(validator);
  const isDisabled = Object.keys(validator).length === 0 || validationLevel === 'off' || validationAction === 'warn';
  if (isDisabled) return undefined;
  const schema = validator.$jsonSchema instanceof Doc ? compileJsonSchema(validator.$jsonSchema) : undefined;
  return {
    check(doc, before) {
      if (matches(doc) || (validationLevel === 'moderate' && before !== undefined && !matches(before))) return;
      const rules = schema?.(doc);
      const details =
        rules === undefined
          ? docOf({
              operatorName: '$expr',
              reason: 'the document does not match the validator',
              specifiedAs: validator,
            })
          : docOf({ operatorName: '$jsonSchema', schemaRulesNotSatisfied: rules });
      throw new MongoFault(
        121,
        'Document failed validation',
        docOf({ errInfo: docOf({ failingDocumentId: doc._id ?? null, details }) }),
      );
    },
  };
}

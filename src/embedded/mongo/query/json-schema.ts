import { compareValues, equalValues } from '../bson/compare.ts';
import { Doc, docOf, isNumeric, typeName } from '../bson/doc.ts';
import { toNumber } from '../bson/numbers.ts';
import { MongoFault } from '../errors.ts';
import { compileRegex } from './regex.ts';
import { ofType } from './value-tests.ts';

/** Says why a value breaks a schema (one entry of MongoDB's `schemaRulesNotSatisfied`), or undefined when it does not. */
export type SchemaCheck = (value: unknown) => readonly Doc[] | undefined;

type Rule = (value: unknown) => Doc | undefined;

const annotations = new Set(['title', 'description']);

/**
 * Compiles the part of draft 4 JSON Schema validators are written in
 * (https://www.mongodb.com/docs/manual/reference/operator/query/jsonSchema/): bsonType, type, required, properties,
 * additionalProperties, enum, minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength, pattern,
 * items, minItems, maxItems. Other keywords are refused with 9 FailedToParse.
 */
export function compileJsonSchema(schema: Doc): SchemaCheck {
  const rules: Rule[] = [];
  for (const keyword in schema) {
    if (annotations.has(keyword)) continue;
    const rule = ruleOf(keyword, schema[keyword], schema);
    if (rule !== undefined) rules.push(rule);
  }
  return (value) => {
    let broken: Doc[] | undefined;
    for (const rule of rules) {
      const why = rule(value);
      if (why !== undefined) broken = [...(broken ?? []), why];
    }
    return broken;
  };
}

function ruleOf(keyword: string, operand: unknown, schema: Doc): Rule | undefined {
  switch (keyword) {
    case 'bsonType':
      return typeRule(keyword, operand, ofType(operand));
    case 'type':
      return typeRule(keyword, operand, ofType(jsonTypes(operand)));
    case 'required':
      return required(operand);
    case 'properties':
      return properties(operand);
    case 'additionalProperties':
      return additional(operand, schema.properties);
    case 'enum': {
      const list = asList(keyword, operand);
      return simple(keyword, operand, 'value was not found in enum', (v) => list.some((item) => equalValues(item, v)));
    }
    case 'minimum':
    case 'maximum':
      return bound(keyword, operand, schema);
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      if (typeof operand !== 'boolean') throw new MongoFault(14, `$jsonSchema keyword '${keyword}' must be a boolean`);
      return undefined;
    case 'minLength':
    case 'maxLength': {
      const limit = asCount(keyword, operand);
      const fits = (text: string) => (keyword === 'minLength' ? [...text].length >= limit : [...text].length <= limit);
      return simple(
        keyword,
        operand,
        'specified string length was not satisfied',
        (v) => typeof v !== 'string' || fits(v),
      );
    }
    case 'pattern': {
      if (typeof operand !== 'string') throw new MongoFault(14, "$jsonSchema keyword 'pattern' must be a string");
      const regex = compileRegex(operand, '');
      return simple(
        keyword,
        operand,
        'regular expression did not match',
        (v) => typeof v !== 'string' || regex.test(v),
      );
    }
    case 'minItems':
    case 'maxItems': {
      const limit = asCount(keyword, operand);
      const fits = (size: number) => (keyword === 'minItems' ? size >= limit : size <= limit);
      return simple(
        keyword,
        operand,
        'array did not match specified length',
        (v) => !Array.isArray(v) || fits(v.length),
      );
    }
    case 'items':
      return items(operand);
    default:
      throw new MongoFault(9, `Unknown $jsonSchema keyword: ${keyword}`);
  }
}

function jsonTypes(operand: unknown): unknown[] {
  return (Array.isArray(operand) ? operand : [operand]).map((name) => {
    if (name === 'boolean') return 'bool';
    if (['number', 'string', 'object', 'array', 'null'].includes(String(name))) return name;
    throw new MongoFault(9, `$jsonSchema type '${String(name)}' is not currently supported.`);
  });
}

function asList(keyword: string, operand: unknown): readonly unknown[] {
  if (!Array.isArray(operand) || operand.length === 0) {
    throw new MongoFault(9, `$jsonSchema keyword '${keyword}' must be a non-empty array`);
  }
  return operand;
}

function asCount(keyword: string, operand: unknown): number {
  const count = isNumeric(operand) ? toNumber(operand) : -1;
  if (!Number.isInteger(count) || count < 0) {
    throw new MongoFault(9, `$jsonSchema keyword '${keyword}' must be a non-negative integer`);
  }
  return count;
}

function simple(keyword: string, operand: unknown, reason: string, passes: (value: unknown) => boolean): Rule {
  const specifiedAs = docOf({ [keyword]: operand });
  return (value) =>
    passes(value) ? undefined : docOf({ operatorName: keyword, specifiedAs, reason, consideredValue: value });
}

function typeRule(keyword: string, operand: unknown, test: (value: unknown) => boolean): Rule {
  const specifiedAs = docOf({ [keyword]: operand });
  return (value) =>
    test(value)
      ? undefined
      : docOf({
          operatorName: keyword,
          specifiedAs,
          reason: 'type did not match',
          consideredValue: value,
          consideredType: typeName(value),
        });
}

function required(operand: unknown): Rule {
  const names = asList('required', operand).map(String);
  return (value) => {
    if (!(value instanceof Doc)) return undefined;
    const missingProperties = names.filter((name) => value[name] === undefined);
    if (missingProperties.length === 0) return undefined;
    return docOf({ operatorName: 'required', specifiedAs: docOf({ required: names }), missingProperties });
  };
}

function properties(operand: unknown): Rule {
  if (!(operand instanceof Doc)) throw new MongoFault(14, "$jsonSchema keyword 'properties' must be an object");
  const checks = Object.entries(operand).map(([name, schema]): [string, SchemaCheck, unknown] => {
    if (!(schema instanceof Doc))
      throw new MongoFault(14, `Nested schema for $jsonSchema property '${name}' must be an object`);
    return [name, compileJsonSchema(schema), schema.description];
  });
  return (value) => {
    if (!(value instanceof Doc)) return undefined;
    const broken: Doc[] = [];
    for (const [propertyName, check, description] of checks) {
      const property = value[propertyName];
      const details = property === undefined ? undefined : check(property);
      if (details !== undefined) broken.push(docOf({ propertyName, description, details }));
    }
    return broken.length === 0 ? undefined : docOf({ operatorName: 'properties', propertiesNotSatisfied: broken });
  };
}

function additional(operand: unknown, declared: unknown): Rule | undefined {
  const known = new Set(declared instanceof Doc ? Object.keys(declared) : []);
  const extra = (value: Doc) => Object.keys(value).filter((name) => !known.has(name));
  const specifiedAs = docOf({ additionalProperties: operand });
  if (operand === true) return undefined;
  if (operand === false) {
    return (value) => {
      const additionalProperties = value instanceof Doc ? extra(value) : [];
      if (additionalProperties.length === 0) return undefined;
      return docOf({ operatorName: 'additionalProperties', specifiedAs, additionalProperties });
    };
  }
  if (!(operand instanceof Doc)) {
    throw new MongoFault(14, "$jsonSchema keyword 'additionalProperties' must be an object or a boolean");
  }
  const check = compileJsonSchema(operand);
  return (value) => {
    if (!(value instanceof Doc)) return undefined;
    for (const name of extra(value)) {
      const details = check(value[name]);
      if (details !== undefined) {
        return docOf({
          operatorName: 'additionalProperties',
          specifiedAs,
          reason: 'at least one additional property did not match the subschema',
          failingProperty: name,
          details,
        });
      }
    }
    return undefined;
  };
}

function bound(keyword: 'minimum' | 'maximum', operand: unknown, schema: Doc): Rule {
  if (!isNumeric(operand)) throw new MongoFault(14, `$jsonSchema keyword '${keyword}' must be a number`);
  const sign = keyword === 'minimum' ? 1 : -1;
  const exclusive = schema[keyword === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum'] === true;
  return simple(keyword, operand, 'comparison failed', (value) => {
    if (!isNumeric(value)) return true;
    const order = compareValues(value, operand) * sign;
    return exclusive ? order > 0 : order >= 0;
  });
}

function items(operand: unknown): Rule {
  if (!(operand instanceof Doc))
    throw new MongoFault(9, "$jsonSchema keyword 'items' must be an object in this server");
  const check = compileJsonSchema(operand);
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    for (const [itemIndex, item] of value.entries()) {
      const details = check(item);
      if (details !== undefined) {
        return docOf({
          operatorName: 'items',
          reason: 'At least one item did not match the sub-schema',
          itemIndex,
          details,
        });
      }
    }
    return undefined;
  };
}

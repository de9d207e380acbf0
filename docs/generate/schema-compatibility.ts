import { isDeepStrictEqual } from 'node:util';

/** A JSON Schema (draft 2020-12), or `true` for anything and `false` for nothing. */
export type JsonSchema = boolean | Keywords;
type Keywords = { readonly [keyword: string]: unknown };

/** Keywords that say nothing about what is accepted. */
const annotations: ReadonlySet<string> = new Set(
  '$schema $id $comment $defs id title description examples default deprecated'.split(' '),
);
/** Limits that accept more when they are lower, and those that accept more when they are higher. */
const lowest = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const highest = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const compared: ReadonlySet<string> = new Set([
  ...lowest,
  ...highest,
  ...'type enum const required properties additionalProperties propertyNames items'.split(' '),
]);

/**
 * Tells in which ways a schema refuses what an older one accepts, each as `path: what`; empty when it accepts all of it
 * (backward compatible). It errs on the side of telling: a pattern or a keyword that it cannot compare has to stay as
 * it is. One thing is allowed that JSON Schema would not: a new optional property with a type, because names that are
 * not in the schema belong to koe.
 *
 * @throws Error for a reference that leads nowhere or into itself
 */
export function narrowings(older: JsonSchema, newer: JsonSchema): string[] {
  return compare(plain(older, older, []), plain(newer, newer, []), '$');
}

/** A schema without annotations, with its references replaced by what they point to. */
function plain(schema: JsonSchema, root: JsonSchema, within: readonly string[]): JsonSchema {
  if (typeof schema === 'boolean') return schema;
  const { $ref: reference } = schema;
  if (typeof reference === 'string') {
    if (within.includes(reference)) throw new Error(`${reference} leads into itself`);
    return plain(resolve(root, reference), root, [...within, reference]);
  }
  const inner = (value: unknown) => plain(value as JsonSchema, root, within);
  const entries = Object.entries(schema).filter(([name]) => !annotations.has(name));
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (name === 'properties') return [name, mapValues(value as Keywords, inner)];
      if (name === 'anyOf' && Array.isArray(value)) return [name, value.map(inner)];
      if (['additionalProperties', 'propertyNames', 'items'].includes(name)) return [name, inner(value)];
      return [name, value];
    }),
  );
}

function resolve(root: JsonSchema, reference: string): JsonSchema {
  const names = reference.split('/').slice(1);
  const found = names.reduce<unknown>((value, name) => (value as Keywords | undefined)?.[name], root);
  if (typeof found !== 'object' || found === null) throw new Error(`${reference} leads nowhere`);
  return found as Keywords;
}

function mapValues(object: Keywords, change: (value: unknown) => unknown): Keywords {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

function compare(older: JsonSchema, newer: JsonSchema, path: string): string[] {
  if (older === false || isDeepStrictEqual(older, newer)) return [];
  if (newer === false) return [`${path}: nothing is accepted any more`];
  const before = older === true ? {} : older;
  const after = newer === true ? {} : newer;
  const oldAlternatives = alternatives(before);
  const newAlternatives = alternatives(after);
  if (oldAlternatives.length === 1 && newAlternatives.length === 1) return compareKeywords(before, after, path);
  return oldAlternatives.flatMap((old) =>
    newAlternatives.some((one) => compare(old, one, path).length === 0)
      ? []
      : [`${path}: ${typeof old.type === 'string' ? old.type : JSON.stringify(old)} is not accepted any more`],
  );
}

/** A schema with several types or with `anyOf` as schemas of which one has to hold. */
function alternatives(schema: Keywords): Keywords[] {
  const { anyOf, type, ...rest } = schema;
  if (Array.isArray(anyOf) && type === undefined && Object.keys(rest).length === 0) return anyOf;
  if (Array.isArray(type) && anyOf === undefined) return type.map((one) => ({ ...rest, type: one }));
  return [schema];
}

function compareKeywords(before: Keywords, after: Keywords, path: string): string[] {
  const inner = (name: string, at: string) => compare(schemaAt(before, name), schemaAt(after, name), at);
  return [
    ...compareTypes(before, after, path),
    ...compareValues(before, after, path),
    ...compareLimits(before, after, path),
    ...Object.keys(after)
      .filter((name) => !compared.has(name) && !isDeepStrictEqual(before[name], after[name]))
      .map((name) => `${path}: ${name} is new or another`),
    ...compareProperties(before, after, path),
    ...inner('additionalProperties', `${path}.*`),
    ...inner('propertyNames', `${path} (names)`),
    ...inner('items', `${path}[]`),
  ];
}

function schemaAt(schema: Keywords, name: string): JsonSchema {
  return (schema[name] ?? true) as JsonSchema;
}

function compareTypes({ type: before }: Keywords, { type: after }: Keywords, path: string): string[] {
  const covered = after === undefined || after === before || (after === 'number' && before === 'integer');
  return covered ? [] : [`${path}: type ${before ?? 'any'} became ${after}`];
}

function compareValues(before: Keywords, after: Keywords, path: string): string[] {
  const allowed = valuesOf(after);
  if (allowed === undefined) return [];
  const given = valuesOf(before);
  if (given === undefined) return [`${path}: only some values are accepted now`];
  const lost = given.filter((value) => !allowed.some((other) => isDeepStrictEqual(value, other)));
  return lost.map((value) => `${path}: ${JSON.stringify(value)} is not accepted any more`);
}

function valuesOf({ enum: values, const: value }: Keywords): readonly unknown[] | undefined {
  return Array.isArray(values) ? values : value === undefined ? undefined : [value];
}

function compareLimits(before: Keywords, after: Keywords, path: string): string[] {
  const tightened = (name: string, sign: number) => {
    const [given, now] = [before[name], after[name]];
    if (typeof now !== 'number' || (typeof given === 'number' && sign * now >= sign * given)) return [];
    return [`${path}: ${name} ${given ?? 'none'} became ${now}`];
  };
  return [...highest.flatMap((name) => tightened(name, 1)), ...lowest.flatMap((name) => tightened(name, -1))];
}

function compareProperties(before: Keywords, after: Keywords, path: string): string[] {
  const known = (before.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  const now = (after.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = namesOf(after).filter((name) => !namesOf(before).includes(name));
  const others = schemaAt(before, 'additionalProperties');
  const added = Object.entries(now).filter(([name]) => !(name in known));
  return [
    ...required.map((name) => `${path}.${name}: is required now`),
    ...Object.entries(known).flatMap(([name, schema]) =>
      compare(schema, now[name] ?? schemaAt(after, 'additionalProperties'), `${path}.${name}`),
    ),
    ...added.flatMap(([name, schema]) => (others === true ? [] : compare(others, schema, `${path}.${name}`))),
  ];
}

function namesOf({ required }: Keywords): readonly string[] {
  return Array.isArray(required) ? required : [];
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { type JsonSchema, narrowings } from '../../docs/generate/schema-compatibility.ts';
import { decode } from '../../src/pipeline/decode.ts';

const folder = 'docs/reference/schemas';
const read = (path: string): JsonSchema => JSON.parse(readFileSync(path, 'utf8'));
const released = readdirSync(join(folder, 'released'), { recursive: true, encoding: 'utf8' });
const schemas = released.filter((path) => path.endsWith('feedback.v1.schema.json'));
const examples = released
  .filter((path) => path.endsWith('.examples.jsonl'))
  .flatMap((path) =>
    readFileSync(join(folder, 'released', path), 'utf8')
      .trim()
      .split('\n'),
  );

describe('raw feedback', () => {
  test.each(schemas)('accepts everything that release %s accepted', (path) => {
    expect(narrowings(read(join(folder, 'released', path)), read(join(folder, 'feedback.v1.schema.json')))).toEqual([]);
  });

  test.each(examples)('still accepts %s', (line) => {
    const outcome = decode(
      { value: Buffer.from(line), headers: {} },
      { maxMessageBytes: 1_048_576, strictFields: false },
    );
    expect(outcome.kind).toBe('ok');
  });

  test('there is a release to compare with', () => {
    expect(schemas.length).toBeGreaterThan(0);
    expect(examples.length).toBeGreaterThan(0);
  });
});

const person: JsonSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', maxLength: 10 },
    kind: { enum: ['a', 'b'] },
    age: { type: 'integer', minimum: 0 },
  },
  required: ['name'],
};
const closed: JsonSchema = { ...person, additionalProperties: false };
const properties = person.properties as Record<string, JsonSchema>;
const withProperty = (name: string, schema: JsonSchema): JsonSchema => ({
  ...person,
  properties: { ...properties, [name]: schema },
});

/** What a change does, with a value that only the older schema accepts if it narrows. */
const changes: readonly [string, JsonSchema, JsonSchema, readonly string[], unknown?][] = [
  ['nothing', person, person, []],
  ['another description', person, { ...person, description: 'x' }, []],
  ['a new optional property', person, withProperty('city', { type: 'string' }), []],
  ['a property that may be left out', person, { ...person, required: [] }, []],
  ['a wider enum', person, withProperty('kind', { enum: ['a', 'b', 'c'] }), []],
  ['a higher maximum', person, withProperty('name', { type: 'string', maxLength: 11 }), []],
  ['no maximum', person, withProperty('name', { type: 'string' }), []],
  ['a lower minimum', person, withProperty('age', { type: 'integer', minimum: -1 }), []],
  ['integers that become numbers', person, withProperty('age', { type: 'number', minimum: 0 }), []],
  [
    'one more type',
    person,
    withProperty('name', { anyOf: [{ type: 'string', maxLength: 10 }, { type: 'number' }] }),
    [],
  ],
  [
    'a type in place of values, which is not compared and so told',
    person,
    withProperty('kind', { type: ['string', 'null'] }),
    ['$.kind: {"enum":["a","b"]} is not accepted any more'],
  ],
  ['an open object', closed, person, []],
  ['a property of a closed object', closed, { ...closed, properties: { ...properties, city: { type: 'string' } } }, []],
  ['the same behind a reference', person, { $ref: '#/$defs/p', $defs: { p: person } }, []],
  [
    'the same reference to something narrower',
    { properties: { a: { $ref: '#/$defs/x' } }, $defs: { x: { type: 'number' } } },
    { properties: { a: { $ref: '#/$defs/x' } }, $defs: { x: { type: 'integer' } } },
    ['$.a: type number became integer'],
    { a: 1.5 },
  ],
  [
    'alternatives beside a type',
    { type: 'number' },
    { type: 'number', anyOf: [{ minimum: 1 }] },
    ['$: anyOf is new or another'],
    0,
  ],

  [
    'a new required property',
    person,
    { ...person, required: ['name', 'age'] },
    ['$.age: is required now'],
    { name: 'x' },
  ],
  [
    'a narrower enum',
    person,
    withProperty('kind', { enum: ['a'] }),
    ['$.kind: "b" is not accepted any more'],
    { name: 'x', kind: 'b' },
  ],
  [
    'an enum that was free',
    person,
    withProperty('name', { type: 'string', maxLength: 10, enum: ['x'] }),
    ['$.name: only some values are accepted now'],
    { name: 'y' },
  ],
  [
    'a lower maximum',
    person,
    withProperty('name', { type: 'string', maxLength: 9 }),
    ['$.name: maxLength 10 became 9'],
    { name: '0123456789' },
  ],
  [
    'a higher minimum',
    person,
    withProperty('age', { type: 'integer', minimum: 1 }),
    ['$.age: minimum 0 became 1'],
    { name: 'x', age: 0 },
  ],
  [
    'a new maximum',
    person,
    withProperty('age', { type: 'integer', minimum: 0, maximum: 9 }),
    ['$.age: maximum none became 9'],
    { name: 'x', age: 10 },
  ],
  [
    'another type',
    person,
    withProperty('age', { type: 'string' }),
    ['$.age: type integer became string'],
    { name: 'x', age: 1 },
  ],
  ['a type that was free', {}, { type: 'string' }, ['$: type any became string'], 1],
  ['a type less', { type: ['string', 'null'] }, { type: 'string' }, ['$: null is not accepted any more'], null],
  [
    'a new pattern',
    person,
    withProperty('name', { type: 'string', maxLength: 10, pattern: '^x' }),
    ['$.name: pattern is new or another'],
    { name: 'y' },
  ],
  [
    'a keyword not understood',
    person,
    { ...person, not: { required: ['age'] } },
    ['$: not is new or another'],
    { name: 'x', age: 1 },
  ],
  ['a closed object', person, closed, ['$.*: nothing is accepted any more'], { name: 'x', more: 1 }],
  [
    'a removed property of a closed object',
    closed,
    { ...closed, properties: { name: properties.name ?? true } },
    ['$.kind: nothing is accepted any more', '$.age: nothing is accepted any more'],
    { name: 'x', age: 1 },
  ],
  [
    'narrower values of a map',
    { additionalProperties: { type: 'number' } },
    { additionalProperties: { type: 'integer' } },
    ['$.*: type number became integer'],
    { a: 1.5 },
  ],
  [
    'a map that gets a typed property',
    { additionalProperties: { type: 'number' } },
    { additionalProperties: { type: 'number' }, properties: { a: { type: 'string' } } },
    ['$.a: type number became string'],
    { a: 1 },
  ],
  [
    'narrower names of a map',
    {},
    { propertyNames: { pattern: '^x' } },
    ['$ (names): pattern is new or another'],
    { a: 1 },
  ],
  [
    'narrower items',
    { items: { type: 'number' } },
    { items: { type: 'integer' } },
    ['$[]: type number became integer'],
    [1.5],
  ],
];

describe('the compatibility check', () => {
  test.each(changes)('%s', (_, older, newer, expected, ...refused) => {
    expect(narrowings(older, newer)).toEqual(expected);
    if (refused.length === 0) return;
    const ajv = new Ajv2020({ strict: false });
    expect([ajv.validate(older, refused[0]), ajv.validate(newer, refused[0])]).toEqual([true, false]);
  });

  test('a reference that leads nowhere is an error', () => {
    expect(() => narrowings({ type: 'object' }, { $ref: '#/$defs/none' })).toThrow('#/$defs/none leads nowhere');
  });

  test('a reference that leads into itself is an error', () => {
    const recursive = { $ref: '#/$defs/a', $defs: { a: { items: { $ref: '#/$defs/a' } } } };
    expect(() => narrowings(recursive, recursive)).toThrow('#/$defs/a leads into itself');
  });

  test('notices every single field of raw feedback that becomes required', () => {
    const path = join(folder, 'feedback.v1.schema.json');
    const current = JSON.parse(readFileSync(path, 'utf8'));
    const [schema] = Object.values<{ properties: object; required: string[] }>(current.$defs);
    const optional = Object.keys(schema?.properties ?? {}).filter((name) => !schema?.required.includes(name));
    expect(optional).toContain('title');
    for (const name of optional) {
      const stricter = structuredClone(current);
      for (const definition of Object.values<{ required: string[] }>(stricter.$defs)) definition.required.push(name);
      expect(narrowings(current, stricter)).toEqual([`$.${name}: is required now`]);
    }
  });
});

import specifications from '@asyncapi/specs';
import { Ajv, type AnySchemaObject } from 'ajv';
import { expect, test } from 'vitest';
import { asyncApi, feedbackExample } from '../../docs/generate/asyncapi.ts';
import { feedbackSchema } from '../../src/domain/feedback.ts';
import { topicNames } from '../../src/domain/topics.ts';

const document = JSON.parse(asyncApi());

const ajv = new Ajv({ strict: false, validateFormats: false });
/** By the JSON Schema that the AsyncAPI initiative publishes for version 3.0.0. */
const validate = ajv.compile(specifications.schemasWithoutId['3.0.0'] as AnySchemaObject);

/** Every `$ref` in a JSON value. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  );
}

/** What a reference within the document points to. */
function resolve(reference: string): unknown {
  return reference
    .split('/')
    .slice(1)
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], document);
}

test('is AsyncAPI 3.0', () => {
  validate(document);
  expect(validate.errors).toBeNull();
});

test('the validation notices faults', () => {
  expect(validate({ ...document, operations: { wrong: { action: 'read' } } })).toBe(false);
  expect(validate({ ...document, channels: { wrong: { address: 1 } } })).toBe(false);
});

test('all references lead somewhere', () => {
  const found = references(document);
  expect(found).not.toEqual([]);
  for (const reference of found) expect(resolve(reference), reference).toBeDefined();
});

test('has every topic once, and an operation for it', () => {
  const { feedback, customerEvents, enriched, deadLetters, churn, alerts } = topicNames('koe.');
  const channels: [string, { address: string }][] = Object.entries(document.channels);
  const operations: { channel: { $ref: string } }[] = Object.values(document.operations);
  expect(channels.map(([, { address }]) => address).sort()).toEqual(
    [...Object.values(feedback), customerEvents, enriched, deadLetters, churn, alerts].sort(),
  );
  expect(operations.map(({ channel }) => channel.$ref).sort()).toEqual(
    channels.map(([name]) => `#/channels/${name}`).sort(),
  );
});

test('its example is raw feedback, by its own schema and by ours', () => {
  const byDocument = ajv.compile(document.components.schemas['koe.feedback.v1']);
  expect(byDocument(feedbackExample)).toBe(true);
  expect(byDocument({ ...feedbackExample, tenant: undefined })).toBe(false);
  expect(feedbackSchema.safeParse(feedbackExample).success).toBe(true);
});

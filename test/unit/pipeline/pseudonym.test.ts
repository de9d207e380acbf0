import { expect, test } from 'vitest';
import { createPseudonymizer } from '../../../src/pipeline/pseudonym.ts';

const pseudonymize = createPseudonymizer('a key of at least sixteen characters');

test('the same customer has the same name', () => {
  expect(pseudonymize('shop', 'customer-1')).toBe(pseudonymize('shop', 'customer-1'));
});

test('customers, tenants and keys keep names apart', () => {
  const names = [
    pseudonymize('shop', 'customer-1'),
    pseudonymize('shop', 'customer-2'),
    pseudonymize('bank', 'customer-1'),
    createPseudonymizer('another key of sixteen characters')('shop', 'customer-1'),
  ];
  expect(new Set(names).size).toBe(names.length);
});

test('tenant and customer cannot be shifted into each other', () => {
  expect(pseudonymize('shop', '1x')).not.toBe(pseudonymize('shop1', 'x'));
});

test('names of one key share its id and tell nothing of the customer', () => {
  const [keyId, digest] = pseudonymize('shop', 'taro@example.com').split('-');
  expect(pseudonymize('bank', 'hanako').split('-')[0]).toBe(keyId);
  expect(digest).toMatch(/^[0-9a-f]{32}$/);
});

import { describe, expect, test } from 'vitest';
import { createPseudonymKeys } from '../../../src/pipeline/pseudonym.ts';

const [first, second, third] = [
  'the first key of sixteen',
  'the second key of sixteen',
  'the third key of sixteen',
] as const;
const { pseudonymize } = createPseudonymKeys([first]);

test('the same customer has the same name', () => {
  expect(pseudonymize('shop', 'customer-1')).toBe(pseudonymize('shop', 'customer-1'));
});

test('names do not change with the version of koe', () => {
  expect(pseudonymize('shop', 'customer-1')).toBe('1e1923f1-5df1562c218b2b578717113bd1c05042');
});

test('customers, tenants and keys keep names apart', () => {
  const names = [
    pseudonymize('shop', 'customer-1'),
    pseudonymize('shop', 'customer-2'),
    pseudonymize('bank', 'customer-1'),
    createPseudonymKeys([second]).pseudonymize('shop', 'customer-1'),
    createPseudonymKeys([first, second]).pseudonymize('shop', 'customer-1'),
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

describe('a new key', () => {
  const keys = createPseudonymKeys([first, second, third]);
  const current = keys.pseudonymize('shop', 'customer-1');

  test.each([
    ['the one before', [first, second]],
    ['the first', [first]],
  ])('brings pseudonyms of %s to what the customer is called now', (_, earlier) => {
    const stored = createPseudonymKeys(earlier).pseudonymize('shop', 'customer-1');
    expect(keys.renew('shop', stored)).toEqual({ pseudonym: current });
  });

  test('leaves alone what is current, and what other keys made', () => {
    expect(keys.renew('shop', current)).toBe('current');
    expect(keys.renew('shop', createPseudonymKeys([second]).pseudonymize('shop', 'customer-1'))).toBe('foreign');
    expect(keys.renew('shop', 'customer-1')).toBe('foreign');
  });

  test('does not pass for itself where the keys before it are missing', () => {
    const [id] = current.split('-');
    for (const others of [[third], [second, third], [second, first, third]]) {
      expect(createPseudonymKeys(others).pseudonymize('shop', 'customer-1').split('-')[0]).not.toBe(id);
    }
  });
});

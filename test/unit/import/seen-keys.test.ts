import { expect, test } from 'vitest';
import { SeenKeys } from '../../../src/import/seen-keys.ts';

test('numbers are found under their keys, however many there are', () => {
  const seen = new SeenKeys();
  for (let at = 1; at <= 20_000; at++) seen.set(`key ${at}`, at);
  for (let at = 1; at <= 20_000; at++) expect(seen.get(`key ${at}`)).toBe(at);
  expect(seen.get('key 0')).toBe(0);
  seen.set('key 1', 7);
  expect(seen.get('key 1')).toBe(7);
});

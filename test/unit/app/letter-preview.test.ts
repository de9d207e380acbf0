import { expect, test } from 'vitest';
import { previewOf } from '../../../src/app/letter-preview.ts';
import { wrapForRegistry } from '../../../src/domain/wire-format.ts';
import { createMasker } from '../../../src/text/personal-data/masker.ts';
import { loadPersonNames } from '../../../src/text/personal-data/person-names.ts';

const masker = createMasker(await loadPersonNames());
const preview = (text: string) => previewOf(Buffer.from(text), masker);

test('personal data is masked, in JSON behind escapes too', () => {
  expect(preview('電話は090-1234-5678')).toBe('電話は[電話番号]');
  const escaped = [...'090-1234-5678'].map((digit) => `\\u${digit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  expect(preview(`{"text":"${escaped.join('')}"}`)).toContain('"text": "[電話番号]"');
});

test('customers are not named', () => {
  expect(preview('{"customerId":"taro","data":{"customerId":"hanako"}}')).not.toMatch(/taro|hanako/);
  const wrapped = wrapForRegistry('{"customerId":"taro"}', 7);
  expect(previewOf(wrapped, masker)).toContain('[customer]');
});

test('bytes that are no text, and no bytes, are shown all the same', () => {
  expect(previewOf(Buffer.from([0x7b, 0xff, 0xfe]), masker)).toBe('{��');
  expect(previewOf(null, masker)).toContain('tombstone');
});

test('the end is cut without cutting a telephone number in two', () => {
  const text = `${'あ'.repeat(3_995)}090-1234-5678${'い'.repeat(500)}`;
  const shown = preview(text);
  expect(shown).not.toMatch(/\d{2,}-/);
  expect(shown).toContain(`(${Buffer.byteLength(text)} bytes in all)`);
});

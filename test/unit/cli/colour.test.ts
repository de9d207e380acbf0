import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coloured, wantsColour } from '../../../src/cli/colour.ts';
import { textTable } from '../../../src/cli/table.ts';

const table = textTable(
  [{ head: 'topic' }, { head: 'NPS', align: 'right' }, { head: 'change' }],
  [{ cells: ['high', '−3.1', '5 ↑*'], below: '駐輪場:狭い:- ×3\n「狭くて置けない」' }],
);

test('nothing but colour is added', () => {
  expect(stripVTControlCharacters(coloured(table))).toBe(table);
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('│', '┌', '声', '「', '」', ':', '-', '+', '\n', ' ', '↑', '*') }),
      (text) => {
        expect(stripVTControlCharacters(coloured(text))).toBe(text);
      },
    ),
  );
});

test.each([
  ['headings are bold', '\u001b[1m topic '],
  ['borders are dim', '\u001b[2m│\u001b[22m'],
  ['a high band is yellow', '\u001b[33mhigh\u001b[39m'],
  ['what lowers NPS is red', '\u001b[31m−3.1\u001b[39m'],
  ['what is surely no chance is bold', '\u001b[1m↑*\u001b[22m'],
  ['a bad opinion is red', '狭い:\u001b[31m-\u001b[39m ×3'],
  ['what was said is apart', '\u001b[36m「狭くて置けない」\u001b[39m'],
])('%s', (_, painted) => {
  expect(coloured(table)).toContain(painted);
});

test('colour is for terminals, unless it is not wanted there', () => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true });
  expect(wantsColour({ environment: {}, output: terminal })).toBe(true);
  expect(wantsColour({ environment: { NO_COLOR: '' }, output: terminal })).toBe(true);
  expect(wantsColour({ environment: { NO_COLOR: '1' }, output: terminal })).toBe(false);
  expect(wantsColour({ environment: { TERM: 'dumb' }, output: terminal })).toBe(false);
  expect(wantsColour({ environment: {}, output: new PassThrough() })).toBe(false);
});

import { expect, test } from 'vitest';
import { decodeText, detectEncoding, type TextEncoding } from '../../../src/import/encoding.ts';

const japanese = 'id,本文\n1,とても良い商品でした。①髙﨑㈱〜\n2,ｶﾞｿﾘﾝが高い、ソ能表予\n';

/** The same in each encoding, as other programs write it. */
const written: readonly [TextEncoding, string][] = [
  ['utf-8', Buffer.from(japanese).toString('hex')],
  ['utf-8', Buffer.from(`\ufeff${japanese}`).toString('hex')],
  ['utf-16le', Buffer.from(`\ufeff${japanese}`, 'utf16le').toString('hex')],
  ['utf-16le', Buffer.from(japanese, 'utf16le').toString('hex')],
  ['utf-16be', Buffer.from(`\ufeff${japanese}`, 'utf16le').swap16().toString('hex')],
  ['utf-16be', Buffer.from(japanese, 'utf16le').swap16().toString('hex')],
];

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function decoded(bytes: Buffer, encoding: TextEncoding, size: number): Promise<string> {
  let text = '';
  for await (const piece of decodeText(inPieces(bytes, size), encoding)) text += piece;
  return text;
}

test.each(written)('%s is told and read', async (encoding, hex) => {
  const bytes = Buffer.from(hex, 'hex');
  for (const size of [3, 64, 4096]) {
    expect(await decoded(bytes, encoding, size)).toBe(japanese);
  }
  expect(await detectEncoding(inPieces(bytes, 64))).toBe(encoding);
});

/** Texts as Python writes them in cp932, EUC-JP and ISO-2022-JP. */
const legacy: readonly [TextEncoding, string, string][] = [
  [
    'shift_jis',
    '69642c967b95b60a312c82c682c482e097c782a28740eee08160b6debfd8dd945c955c975c835c81420a',
    'id,本文\n1,とても良い①髙～ｶﾞｿﾘﾝ能表予ソ。\n',
  ],
  ['euc-jp', '69642ccbdccab80a312ca4c8a4c6a4e2cec9a4a48eb68edec7bdc9bdcdbda1a30a', 'id,本文\n1,とても良いｶﾞ能表予。\n'],
  ['iso-2022-jp', '69640a1b2442467c4b5c1b28420a', 'id\n日本\n'],
];

test.each(legacy)('%s is told and read', async (encoding, hex, text) => {
  const bytes = Buffer.from(hex, 'hex');
  expect(await detectEncoding(inPieces(bytes, 1024))).toBe(encoding);
  for (const size of [1, 5, 1024]) expect(await decoded(bytes, encoding, size)).toBe(text);
});

test('a text without Japanese is UTF-8, wherever the first Japanese of another one stands', async () => {
  expect(await detectEncoding(inPieces(Buffer.from('a,b\n1,2\n'), 4))).toBe('utf-8');
  const late = Buffer.concat([Buffer.alloc(200_000, 'a,b\n'), Buffer.from('82c682c482e097c782a2', 'hex')]);
  expect(await detectEncoding(inPieces(late, 65_536))).toBe('shift_jis');
});

test('what is in no encoding is told', async () => {
  expect(await detectEncoding(inPieces(Buffer.from('fffdfe80fda0ff', 'hex'), 2))).toBeUndefined();
});

test('bytes that break the rules become U+FFFD', async () => {
  expect(await decoded(Buffer.from('61c36162', 'hex'), 'utf-8', 1)).toBe('a\ufffdab');
});

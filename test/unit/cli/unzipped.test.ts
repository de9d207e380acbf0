import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unzipped } from '../../../src/cli/unzipped.ts';

/** What comes of an input that arrives in pieces of some bytes. */
async function read(bytes: Buffer, size: number): Promise<string> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const parts: Buffer[] = [];
  for await (const part of unzipped(pieces())) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString();
}

const lines = '{"text":"電池がすぐ切れます。"}\n'.repeat(5000);

test.each([1, 7, 1000, 1_000_000])('gzip data in pieces of %i bytes is unpacked', async (size) => {
  expect(await read(gzipSync(lines), size)).toBe(lines);
});

test.each([1, 1000])('other data in pieces of %i bytes stays as it is', async (size) => {
  expect(await read(Buffer.from(lines), size)).toBe(lines);
  expect(await read(Buffer.from('{'), size)).toBe('{');
  expect(await read(Buffer.alloc(0), size)).toBe('');
});

test('several gzip files in one are all read', async () => {
  expect(await read(Buffer.concat([gzipSync('one\n'), gzipSync('two\n')]), 10)).toBe('one\ntwo\n');
});

test.each([
  ['ends too early', gzipSync(lines).subarray(0, -20)],
  ['is damaged', Buffer.concat([gzipSync('x').subarray(0, 10), Buffer.from('not deflated')])],
])('gzip data that %s is named', async (_, bytes) => {
  await expect(read(bytes, 1000)).rejects.toThrow('the gzip data is damaged or ends too early');
});

import { gzipSync } from 'node:zlib';
import kafkajs from 'kafkajs';
import { beforeAll, expect, test } from 'vitest';
import { maxUnpackedBatchBytes, useBoundedGzip } from '../../../src/kafka/gzip.ts';

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(packed: Buffer): Promise<Buffer>;
}

let codec: Codec;
beforeAll(() => {
  useBoundedGzip();
  codec = (kafkajs.CompressionCodecs[kafkajs.CompressionTypes.GZIP] as () => Codec)();
});

test('unpacks what it packed', async () => {
  const data = Buffer.from('声'.repeat(10_000));
  expect(await codec.decompress(await codec.compress({ buffer: data }))).toEqual(data);
});

test('refuses a small batch that unpacks to more than memory should hold', async () => {
  const bomb = gzipSync(Buffer.alloc(maxUnpackedBatchBytes + 1));
  expect(bomb.length).toBeLessThan(100_000);
  await expect(codec.decompress(bomb)).rejects.toMatchObject({ name: 'DependencyError', nature: 'permanent' });
});

test('refuses damaged data', async () => {
  await expect(codec.decompress(Buffer.from('not gzip'))).rejects.toMatchObject({ nature: 'permanent' });
});
